import type { Mishaps } from '@parley/client'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { AlertIcon } from '../../ui/icons.tsx'
import { Bar } from './bar.tsx'

/** What has happened to what this device had kept, until the person has read it. */
export default function MishapBar({ mishaps: { removed, aside } }: { mishaps: Mishaps }) {
  const account = useAccount()
  const { t } = useLanguage()
  const words = [
    removed &&
      (removed.unsent > 0 ? t('storage.removed.unsent', { count: removed.unsent }) : t('storage.removed')),
    aside > 0 && t('storage.aside'),
  ]
  return (
    <Bar
      look="warning"
      icon={<AlertIcon size={16} />}
      action={
        <button type="button" onClick={account.dismissMishaps}>
          {t('storage.understood')}
        </button>
      }
    >
      {words.filter(Boolean).join(' ')}
    </Bar>
  )
}
