import { useLanguage } from '../../i18n/language.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { KeyTable } from './key-table.tsx'

export default function KeyHelp({ onClose }: { onClose: () => void }) {
  const { t } = useLanguage()
  return (
    <Dialog isOpen onClose={onClose} title={t('keys.title')}>
      <KeyTable />
    </Dialog>
  )
}
