import { useLanguage } from '../../i18n/language.tsx'
import { DownIcon, ReplyIcon } from '../../ui/icons.tsx'
import styles from './timeline.module.css'

interface JumpsProps {
  /** To the newest message, past so many unread ones; undefined: it is in sight. */
  readonly latest: { readonly count: number } | undefined
  readonly onLatest: () => void
  /** To the reply that led here. */
  readonly onBack: (() => void) | undefined
}

/** The ways out of the place where one stands in the timeline. */
export function Jumps({ latest, onLatest, onBack }: JumpsProps) {
  if (latest === undefined && onBack === undefined) return null
  return (
    // Inside what scrolls: a wheel turned above a button still turns the timeline.
    <div className={styles.jumpPlace}>
      <div className={styles.jumps}>
        {onBack !== undefined && <BackButton onBack={onBack} />}
        {latest !== undefined && <LatestButton count={latest.count} onLatest={onLatest} />}
      </div>
    </div>
  )
}

function BackButton({ onBack }: { onBack: () => void }) {
  const { t } = useLanguage()
  return (
    <button type="button" className={styles.back} onClick={onBack}>
      <ReplyIcon size={18} />
      {t('conversation.jump.back')}
    </button>
  )
}

function LatestButton({ count, onLatest }: { count: number; onLatest: () => void }) {
  const { t, formats } = useLanguage()
  const label = count > 0 ? t('conversation.jump.count', { count }) : t('conversation.jump')
  return (
    <button type="button" className={styles.jump} aria-label={label} title={label} onClick={onLatest}>
      <DownIcon />
      {count > 0 && <span>{formats.number(count)}</span>}
    </button>
  )
}
