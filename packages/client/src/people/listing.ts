import type { Millis } from '@parley/protocol'
import { backOff } from '../connection/link.ts'
import type { Clock } from '../ports.ts'

/** The least time between two answers to the same question. */
const RESTS: Millis = 1_000

export interface Listing {
  /** What the server would answer may have changed. */
  want(): void
  /** Something that the list would make good has failed: asks in a while. */
  later(): void
  /** There is a connection again. */
  refresh(): void
  close(): void
}

interface ListingOptions {
  /** Asks, and takes in what is answered. `again`: the answer is older than what is known here. */
  readonly ask: () => Promise<'done' | 'again' | 'later'>
  readonly clock: Clock
  readonly random: () => number
  readonly isLive: () => boolean
}

/**
 * A list that the server says has changed. Whoever is put into a hundred groups is told a hundred times: one look a
 * while is enough, and what was told during one makes another. Without an answer it is asked for again, less and less often.
 */
export function openListing({ ask, clock, random, isLive }: ListingOptions): Listing {
  let isAsking = false
  let isWantedAgain = false
  let failures = 0
  let isClosed = false
  let cancelRest: () => void = () => undefined
  let cancelRetry: () => void = () => undefined

  const later = () => {
    if (isClosed || !isLive()) return
    failures += 1
    cancelRetry()
    cancelRetry = clock.after(backOff(failures, random()), want)
  }
  const want = () => {
    if (isClosed) return
    isWantedAgain = isAsking
    if (isAsking) return
    isAsking = true
    void ask()
      .then((result) => {
        if (result === 'later') later()
        else failures = 0
        if (result === 'again') isWantedAgain = true
      })
      .finally(() => {
        if (isClosed) return
        cancelRest = clock.after(RESTS, () => {
          isAsking = false
          if (isWantedAgain) want()
        })
      })
  }
  return {
    want,
    later,
    refresh: () => {
      failures = 0
      want()
    },
    close: () => {
      isClosed = true
      cancelRest()
      cancelRetry()
    },
  }
}
