import type { UserId } from '@parley/protocol'
import type { ReactNode } from 'react'
import { useShowPerson } from './person-context.ts'
import styles from './person-link.module.css'

interface PersonLinkProps {
  readonly user: UserId
  /** A name, or a picture with a name beside it. */
  readonly children: ReactNode
  readonly className?: string | undefined
  /** The same person can be reached by keyboard beside it: this one is for pointing only. */
  readonly isRepeated?: boolean
}

/** Whoever is named somewhere leads to who they are. Light: the card itself is loaded when it is asked for. */
export function PersonLink({ user, children, className, isRepeated = false }: PersonLinkProps) {
  const show = useShowPerson()
  return (
    <button
      type="button"
      className={[styles.link, className].filter(Boolean).join(' ')}
      aria-haspopup="dialog"
      {...(isRepeated && { tabIndex: -1, 'aria-hidden': true })}
      onClick={({ currentTarget }) => show(user, currentTarget)}
    >
      {children}
    </button>
  )
}
