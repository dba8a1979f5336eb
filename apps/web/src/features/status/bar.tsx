import { type ReactNode, useEffect, useState } from 'react'
import styles from './status.module.css'

export type BarLook = 'calm' | 'warning' | 'danger' | 'accent'

interface BarProps {
  readonly look: BarLook
  readonly icon: ReactNode
  /** Without any there is only what is heard. */
  readonly children?: ReactNode
  /** What is heard in place of what is seen, where that changes by the second. */
  readonly spoken?: string | undefined
  readonly action?: ReactNode
}

/** One line above everything; announced when it appears. */
export function Bar({ look, icon, children, spoken, action }: BarProps) {
  const isListenedTo = useIsListenedTo()
  const isSeen = children !== undefined && isListenedTo
  return (
    <div className={isSeen ? styles.bar : 'visually-hidden'} data-look={look} role="status">
      {isSeen && icon}
      {isListenedTo && spoken !== undefined && <span className="visually-hidden">{spoken}</span>}
      {isSeen && <span aria-hidden={spoken !== undefined || undefined}>{children}</span>}
      {isSeen && action}
    </div>
  )
}

/** By then a screen reader knows of a new region, and nobody has waited. */
const KNOWN_MILLIS = 120

/** A region that appears together with its words is not heard: the words come when it is known. */
function useIsListenedTo(): boolean {
  const [isListenedTo, setIsListenedTo] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setIsListenedTo(true), KNOWN_MILLIS)
    return () => clearTimeout(timer)
  }, [])
  return isListenedTo
}
