import type { ReactNode } from 'react'
import styles from './empty.module.css'

interface EmptyProps {
  readonly icon: ReactNode
  readonly title: string
  readonly body?: ReactNode
  /** The way on. */
  readonly children?: ReactNode
}

/** A place with nothing in it says why, and what to do about it. */
export const Empty = ({ icon, title, body, children }: EmptyProps) => (
  <div className={styles.empty}>
    <div className={styles.icon}>{icon}</div>
    <h2 className={styles.title}>{title}</h2>
    {body !== undefined && <p className={styles.body}>{body}</p>}
    {children !== undefined && <div className={styles.actions}>{children}</div>}
  </div>
)
