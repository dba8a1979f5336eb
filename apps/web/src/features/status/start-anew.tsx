import { useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { startAnew, unsentInTraces } from '../../platform/storage.ts'
import { Notice } from '../../ui/notice.tsx'
import { Question } from '../../ui/question.tsx'

/** The way out of a database that cannot be opened: asked for, because it is for good. */
export default function StartAnew({ onClose }: { onClose: () => void }) {
  const { t } = useLanguage()
  const [unsent] = useState(unsentInTraces)
  const [state, setState] = useState<'asking' | 'busy' | 'failed'>('asking')
  const confirm = (): void => {
    setState('busy')
    startAnew().catch(() => setState('failed'))
  }
  return (
    <Question
      title={t('storage.anew.title')}
      body={t('storage.anew.body')}
      confirm={t('storage.anew.confirm')}
      isBusy={state === 'busy'}
      onClose={onClose}
      onConfirm={confirm}
    >
      <Notice look={unsent > 0 ? 'danger' : 'quiet'}>
        {unsent > 0 ? t('storage.anew.unsent', { count: unsent }) : t('storage.anew.unknown')}
      </Notice>
      {state === 'failed' && <Notice look="danger">{t('storage.anew.failed')}</Notice>}
    </Question>
  )
}
