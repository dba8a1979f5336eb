import { type Millis, type UserId, userId } from '@parley/protocol'
import { z } from 'zod'
import { attention } from './attention.ts'

/** A stretch of time in which a person has had the app before them, on this device. */
const visitSchema = z.object({
  user: userId,
  cameAt: z.number(),
  /** How far it is known to have gone on. */
  lastedUntil: z.number(),
  /** When they had been here before that; left out: never, as far as is known. */
  leftAt: z.number().optional(),
})
export type Visit = z.infer<typeof visitSchema>

const KEY = 'parley.visit'
/** Whoever looks elsewhere for less than this has not been away. */
const AWAY_MILLIS: Millis = 2 * 60_000
const TICK_MILLIS: Millis = 30_000

/** The visit that it is now: the one that was kept goes on, or has ended and is what was before. */
export function visitAt(kept: Visit | undefined, user: UserId, now: Millis): Visit {
  if (kept?.user !== user) return { user, cameAt: now, lastedUntil: now }
  // A clock that was set back says nothing.
  if (now - kept.lastedUntil < AWAY_MILLIS) return { ...kept, lastedUntil: Math.max(now, kept.lastedUntil) }
  return { user, cameAt: now, lastedUntil: now, leftAt: kept.lastedUntil }
}

export const visitNow = (user: UserId): Visit => visitAt(read(), user, Date.now())

/** Keeps the visit for as long as the window is before the person; the answer ends it. */
export function keepVisits(user: UserId): () => void {
  const keep = (): void => {
    if (attention.get()) write(visitNow(user))
  }
  keep()
  const timer = setInterval(keep, TICK_MILLIS)
  const end = attention.subscribe(keep)
  return () => {
    clearInterval(timer)
    end()
  }
}

function read(): Visit | undefined {
  try {
    return visitSchema.safeParse(JSON.parse(localStorage.getItem(KEY) ?? 'null')).data
  } catch {
    return undefined
  }
}

function write(visit: Visit): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(visit))
  } catch {
    // Storage is forbidden in some private modes: what is new is called new then, and nothing more.
  }
}
