import type { ReactNode } from 'react'
import { AlertIcon } from './icons.tsx'
import styles from './notice.module.css'

interface NoticeProps {
  readonly look: 'danger' | 'warning' | 'quiet'
  readonly icon?: ReactNode
  readonly children: ReactNode
  /** What can be done about it. */
  readonly action?: ReactNode
}

/** A sentence that must be seen, in the place it is about; announced when it appears. */
export const Notice = ({ look, icon, children, action }: NoticeProps) => (
  <div className={styles.notice} data-look={look} role={look === 'danger' ? 'alert' : 'status'}>
    {icon ?? <AlertIcon size={18} />}
    <div className={styles.words}>{children}</div>
    {action}
  </div>
)
