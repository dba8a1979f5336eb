import { type ReactNode, useId } from 'react'
import styles from './section.module.css'

interface SectionProps {
  readonly title: string
  readonly lead?: ReactNode
  /** A part within a section has a smaller heading. */
  readonly level?: 2 | 3
  readonly children: ReactNode
}

/** A heading, what it is about, and what can be set. */
export function Section({ title, lead, level = 2, children }: SectionProps) {
  const id = useId()
  const Heading = level === 2 ? 'h2' : 'h3'
  return (
    <section className={styles.section} aria-labelledby={id} data-level={level}>
      <Heading id={id}>{title}</Heading>
      {lead !== undefined && <p className={styles.lead}>{lead}</p>}
      {children}
    </section>
  )
}
