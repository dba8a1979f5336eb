import { useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { startAnew, unsentInTraces } from '../../platform/storage.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'

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
    <Dialog
      isOpen
      isQuestion
      onClose={onClose}
      title={t('storage.anew.title')}
      lead={t('storage.anew.body')}
      actions={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="danger" isBusy={state === 'busy'} onClick={confirm}>
            {t('storage.anew.confirm')}
          </Button>
        </>
      }
    >
      <Notice look={unsent > 0 ? 'danger' : 'quiet'}>
        {unsent > 0 ? t('storage.anew.unsent', { count: unsent }) : t('storage.anew.unknown')}
      </Notice>
      {state === 'failed' && <Notice look="danger">{t('storage.anew.failed')}</Notice>}
    </Dialog>
  )
}
