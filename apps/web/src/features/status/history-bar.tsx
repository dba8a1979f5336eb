import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import styles from './status.module.css'

/** Fewer missing events than this come before anybody has read a line about them. */
const WORTH_SHOWING = 500

/** How much of the history has come to this device, while it comes (R4). */
export function HistoryBar() {
  const { t, formats } = useLanguage()
  const { held, total, bytes, conversations, isFilling } = useObservable(useAccount().history)
  if (!isFilling || total - held < WORTH_SHOWING) return null
  return (
    <div className={styles.history}>
      <span id="history-label">{t('status.history')}</span>
      <progress aria-labelledby="history-label" max={total} value={held} />
      <span>
        {t('status.history.progress', {
          have: formats.number(held),
          total: formats.number(total),
          size: formats.bytes(bytes),
        })}
      </span>
      <span className={styles.more}>
        {t('status.history.conversations', {
          complete: formats.number(conversations.complete),
          total: formats.number(conversations.total),
        })}
      </span>
    </div>
  )
}
