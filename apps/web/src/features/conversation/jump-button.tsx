import { useLanguage } from '../../i18n/language.tsx'
import { DownIcon } from '../../ui/icons.tsx'
import styles from './timeline.module.css'

export function JumpButton({ count, onJump }: { count: number; onJump: () => void }) {
  const { t, formats } = useLanguage()
  const label = count > 0 ? t('conversation.jump.count', { count }) : t('conversation.jump')
  return (
    // Inside what scrolls: a wheel turned above the button still turns the timeline.
    <div className={styles.jumpPlace}>
      <button type="button" className={styles.jump} aria-label={label} title={label} onClick={onJump}>
        <DownIcon />
        {count > 0 && <span>{formats.number(count)}</span>}
      </button>
    </div>
  )
}
