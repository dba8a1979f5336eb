import { useLanguage } from '../../i18n/language.tsx'
import { keyWords } from './key-words.ts'
import { type Combo, SHORTCUTS, type ShortcutId } from './keys.ts'
import { isMac } from './platform.ts'
import styles from './keys.module.css'

/** The first keys of a shortcut, as they look. */
export const KeyHint = ({ id }: { id: ShortcutId }) => (
  <span className={styles.hint}>
    <Keys combo={SHORTCUTS[id].combos[0]} />
  </span>
)

export function Keys({ combo }: { combo: Combo }) {
  const { t } = useLanguage()
  return (
    <span className={styles.keys} dir="ltr">
      {keyWords(combo, isMac(), t).map((words) => (
        <kbd key={words}>{words}</kbd>
      ))}
    </span>
  )
}
