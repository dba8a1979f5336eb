import type { EventId } from '@parley/protocol'
import { useCallback, useEffect, useRef, useState } from 'react'
import { indexOfId, type Row } from './rows.ts'

interface WayBackInput {
  readonly rows: readonly Row[]
  readonly range: { readonly startIndex: number; readonly endIndex: number } | null
}

interface WayBack {
  /** The reply to go back to; undefined: one is where one went by oneself. */
  readonly origin: EventId | undefined
  leave(from: EventId): void
  forget(): void
  /** The way back has been taken. */
  arrive(): void
}

const NOWHERE: readonly EventId[] = []

/** Where quotes have led away from, one after the other: each reply that comes into sight again is done with. */
export function useWayBack({ rows, range }: WayBackInput): WayBack {
  const [origins, setOrigins] = useState(NOWHERE)
  const origin = origins.at(-1)
  const hasLeft = useRef(false)
  const leave = useCallback((from: EventId) => {
    hasLeft.current = false
    setOrigins((before) => [...before.filter((each) => each !== from), from])
  }, [])
  const forget = useCallback(() => setOrigins(NOWHERE), [])
  const arrive = useCallback(() => {
    hasLeft.current = true
    setOrigins((before) => before.slice(0, -1))
  }, [])
  const index = origin === undefined ? -1 : indexOfId(rows, origin)
  const isInSight = range !== null && index >= range.startIndex && index <= range.endIndex
  useEffect(() => {
    if (origin === undefined) return
    if (!isInSight) hasLeft.current = true
    else if (hasLeft.current) arrive()
  }, [origin, isInSight, arrive])
  return { origin: isInSight ? undefined : origin, leave, forget, arrive }
}
