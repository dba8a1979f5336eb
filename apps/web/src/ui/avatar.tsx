import { hueOf, initialsOf } from './identity.ts'
import styles from './avatar.module.css'

interface AvatarProps {
  readonly id: string
  readonly name: string
  /** People are round, conversations are rounded squares. */
  readonly shape?: 'person' | 'group'
  readonly size?: 'tiny' | 'small' | 'normal' | 'large'
  readonly isOnline?: boolean
}

/** Decoration only: the name always stands beside it in words. */
export function Avatar({ id, name, shape = 'person', size = 'normal', isOnline = false }: AvatarProps) {
  return (
    <span className={styles.avatar} data-size={size} data-shape={shape} aria-hidden="true">
      <span className={styles.face} style={{ '--hue': hueOf(id) }}>
        {initialsOf(name)}
      </span>
      {isOnline && <span className={styles.online} />}
    </span>
  )
}
