import type { TimelineView } from '@parley/client'
import { useLanguage } from '../../i18n/language.tsx'
import styles from './timeline.module.css'

/** What of the conversation is on its way to the screen, or cannot be shown now. */
export function Unavailable({ log, isNearTop }: { log: TimelineView; isNearTop: boolean }) {
  const { t } = useLanguage()
  if (log.loading === 'older') return <p className={styles.loading}>{t('conversation.loading-older')}</p>
  if (log.loading !== 'none') return null
  if (log.jumpUnavailable) {
    return (
      <p className={styles.loading} role="status">
        {t('conversation.jump-elsewhere')}
      </p>
    )
  }
  if (!log.olderUnavailable || !isNearTop) return null
  return <p className={styles.loading}>{t('conversation.history-elsewhere')}</p>
}
