import type { Traces } from '@parley/client'
import { type UserId, userId } from '@parley/protocol'

const PREFIX = 'parley/trace/'

/** Local storage: Chromium keeps it when it removes databases. May be forbidden altogether. */
export const browserTraces: Traces = {
  read: (user) => attempt(() => JSON.parse(localStorage.getItem(PREFIX + user) ?? 'null') as unknown),
  write: (user, trace) => {
    attempt(() =>
      trace === undefined
        ? localStorage.removeItem(PREFIX + user)
        : localStorage.setItem(PREFIX + user, JSON.stringify(trace)),
    )
  },
}

/** Whose traces are here. */
export const tracedUsers = (): readonly UserId[] =>
  attempt(() =>
    Object.keys(localStorage).flatMap((key) =>
      key.startsWith(PREFIX) ? (userId.safeParse(key.slice(PREFIX.length)).data ?? []) : [],
    ),
  ) ?? []

function attempt<T>(access: () => T): T | undefined {
  try {
    return access()
  } catch {
    // Forbidden, full or garbled: the same as nothing there.
    return undefined
  }
}
