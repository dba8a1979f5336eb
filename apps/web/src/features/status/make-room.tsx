import { useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'

/** Lets old history go from this device, said with numbers before. */
export default function MakeRoom({ onClose }: { onClose: () => void }) {
  const account = useAccount()
  const { t, formats } = useLanguage()
  const [{ count, total }] = useState(() => ({
    count: account.countThinned(),
    total: account.history.get().held,
  }))
  const [state, setState] = useState<'asking' | 'busy' | 'failed'>('asking')
  const confirm = async (): Promise<void> => {
    setState('busy')
    if (await account.thin()) onClose()
    else setState('failed')
  }
  return (
    <Dialog
      isOpen
      isQuestion
      onClose={onClose}
      title={t('storage.room.title')}
      lead={t('storage.room.body')}
      actions={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          {count > 0 && (
            <Button look="danger" isBusy={state === 'busy'} onClick={() => void confirm()}>
              {t('storage.room.confirm')}
            </Button>
          )}
        </>
      }
    >
      <Notice look="quiet">
        {count > 0
          ? t('storage.room.count', { count, total: formats.number(total) })
          : t('storage.room.nothing')}
      </Notice>
      {state === 'failed' && <Notice look="danger">{t('storage.room.failed')}</Notice>}
    </Dialog>
  )
}
