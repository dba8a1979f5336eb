import type { ReactNode } from 'react'
import styles from './status.module.css'

export type BarLook = 'calm' | 'warning' | 'danger' | 'accent'

interface BarProps {
  readonly look: BarLook
  readonly icon: ReactNode
  readonly children: ReactNode
  readonly action?: ReactNode
}

/** One line above everything; announced when it appears. */
export const Bar = ({ look, icon, children, action }: BarProps) => (
  <div className={styles.bar} data-look={look} role="status">
    {icon}
    <span>{children}</span>
    {action}
  </div>
)
