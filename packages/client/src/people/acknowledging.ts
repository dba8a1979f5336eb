import { CODES } from '@parley/protocol'
import type { Answer, Api } from '../connection/api.ts'
import { backOff } from '../connection/link.ts'
import type { Notifications } from './notifications.ts'
import type { Clock } from '../ports.ts'
import { soon } from '../soon.ts'

export interface Acknowledging {
  /** There is a connection: goes on at once. */
  wake(): void
  close(): void
}

interface AcknowledgingOptions {
  readonly api: Pick<Api, 'acknowledge'>
  readonly notifications: Pick<Notifications, 'untold' | 'change' | 'subscribe'>
  readonly clock: Clock
  readonly random: () => number
  readonly isLive: () => boolean
  readonly onUnauthenticated: () => void
}

/**
 * Tells the server what was seen. One by one: "all up to this one" would take along what has come in between and
 * nobody has been shown.
 */
export function openAcknowledging(options: AcknowledgingOptions): Acknowledging {
  const { api, notifications, clock, random, isLive, onUnauthenticated } = options
  let isRunning = false
  let isClosed = false
  let failures = 0
  let cancelRetry: (() => void) | undefined

  const run = async () => {
    if (isRunning || isClosed || cancelRetry !== undefined) return
    isRunning = true
    try {
      for (;;) {
        const ids = notifications.untold().slice(0, AT_ONCE)
        if (ids.length === 0 || !isLive() || isClosed) return
        const answers = await Promise.all(ids.map((id) => api.acknowledge(id)))
        if (isClosed) return
        // What the server will never take as seen is not worth saying again.
        const told = ids.filter((_, index) => !isToBeTriedAgain(answers[index]))
        if (told.length > 0) notifications.change({ is: 'gone', ids: told })
        const failed = answers.flatMap((answer) => (answer.ok || !isToBeTriedAgain(answer) ? [] : [answer]))
        if (failed.some(({ code }) => code === 'unauthenticated')) return onUnauthenticated()
        if (failed.length === 0) {
          failures = 0
          continue
        }
        failures += 1
        const wait = Math.max(backOff(failures, random()), ...failed.map(({ retryAfter = 0 }) => retryAfter))
        cancelRetry = clock.after(wait, () => {
          cancelRetry = undefined
          runSoon()
        })
        return
      }
    } finally {
      isRunning = false
    }
  }
  const runSoon = soon(() => void run())
  const end = notifications.subscribe(runSoon)

  return {
    wake: () => {
      failures = 0
      cancelRetry?.()
      cancelRetry = undefined
      runSoon()
    },
    close: () => {
      isClosed = true
      cancelRetry?.()
      end()
    },
  }
}

const AT_ONCE = 8

const isToBeTriedAgain = (answer: Answer<undefined> | undefined): boolean =>
  answer?.ok === false && (answer.code === 'unauthenticated' || CODES[answer.code].retryHelps)
