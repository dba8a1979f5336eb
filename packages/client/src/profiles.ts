import type { Millis, rest, UserId } from '@parley/protocol'
import type { Api } from './api.ts'
import { type Observable, type Source, source } from './observable.ts'
import type { Clock } from './ports.ts'
import type { Saving } from './saving.ts'
import type { Store } from './store.ts'

/** Somebody as this device knows them. Names of people never met here are loaded when first asked for. */
export interface Profile extends rest.User {
  /** Undefined: not known, because it is not for us to see or because we are offline. */
  readonly online: boolean | undefined
}

/** Questions for names gather for this long: a screen asks for all of its people at once. */
const GATHER: Millis = 20

export interface Profiles {
  of(user: UserId): Observable<Profile | undefined>
  name(user: UserId): string | undefined
  /** People as an answer of the server showed them. */
  met(users: readonly rest.User[]): void
  presence(user: UserId, online: boolean, lastActiveAt: Millis | null): void
  /** Whether others are online is not known without a connection. */
  lostTouch(): void
  /** Asks for those who could not be loaded before. */
  wake(): void
  subscribe(listener: () => void): () => void
  close(): void
}

/** The people this device has heard of, kept for showing names offline. */
export async function openProfiles(
  store: Store,
  saving: Saving,
  api: Pick<Api, 'users'>,
  clock: Clock,
): Promise<Profiles> {
  const known = new Map<UserId, Source<Profile | undefined>>()
  const listeners = new Set<() => void>()
  const missing = new Set<UserId>()
  let cancel: (() => void) | undefined

  const entry = (user: UserId): Source<Profile | undefined> => {
    const found = known.get(user) ?? source<Profile | undefined>(undefined)
    known.set(user, found)
    return found
  }
  for (const user of await store.profiles()) entry(user.id).set({ ...user, online: undefined })

  const met = (users: readonly rest.User[]) => {
    const changed = users.filter((user) => {
      missing.delete(user.id)
      const before = entry(user.id).get()
      const isSame =
        before?.name === user.name && before.username === user.username && before.avatar === user.avatar
      if (!isSame) entry(user.id).set({ ...before, ...user, online: before?.online })
      return !isSame
    })
    if (changed.length === 0) return
    void saving.run(() => store.putProfiles(changed))
    for (const listener of [...listeners]) listener()
  }

  const load = async () => {
    cancel = undefined
    const answer = await api.users([...missing])
    // Without an answer they stay missing until the connection is back: see `wake`.
    if (answer.ok) met(answer.value)
  }
  const loadSoon = () => {
    if (missing.size > 0) cancel ??= clock.after(GATHER, () => void load())
  }

  return {
    of: (user) => {
      const profile = entry(user)
      if (profile.get() === undefined && !missing.has(user)) {
        missing.add(user)
        loadSoon()
      }
      return profile
    },
    name: (user) => known.get(user)?.get()?.name,
    met,
    presence: (user, online, lastActiveAt) => {
      const profile = known.get(user)
      const before = profile?.get()
      if (profile === undefined || before === undefined) return
      profile.set({ ...before, online, ...(lastActiveAt === null ? {} : { lastActiveAt }) })
    },
    lostTouch: () => {
      for (const profile of known.values()) {
        const before = profile.get()
        if (before?.online !== undefined) profile.set({ ...before, online: undefined })
      }
    },
    wake: loadSoon,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    close: () => cancel?.(),
  }
}
