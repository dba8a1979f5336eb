import { type ReactNode, useId } from 'react'
import styles from './rows.module.css'

interface RowsProps {
  /** A heading above them, after which they are called; otherwise `label`, or what is around says what they are. */
  readonly title?: string
  readonly label?: string
  /** `filled`: the row in hand is; `lined`: a line between rows that have no edges of their own. */
  readonly look?: 'filled' | 'lined'
  readonly isBusy?: boolean
  readonly children: ReactNode
}

/** The frame of a list: how its rows stand in what is around them, and which one is in hand. */
export function Rows({ title, label, look = 'filled', isBusy = false, children }: RowsProps) {
  const id = useId()
  const list = (
    <ul
      className={styles[look]}
      aria-label={label}
      aria-labelledby={title === undefined ? undefined : id}
      aria-busy={isBusy || undefined}
    >
      {children}
    </ul>
  )
  if (title === undefined) return list
  return (
    <section>
      <h2 id={id} className={styles.title}>
        {title}
      </h2>
      {list}
    </section>
  )
}
