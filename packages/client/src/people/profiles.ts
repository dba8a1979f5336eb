import type { Millis, rest, UserId } from '@parley/protocol'
import type { Api } from '../connection/api.ts'
import { type Observable, type Source, source } from '../observable.ts'
import type { Clock } from '../ports.ts'
import type { Saving } from '../store/saving.ts'
import type { Store } from '../store/store.ts'

/** Somebody as this device knows them. Names of people never met here are loaded when first asked for. */
export interface Profile extends rest.User {
  /** Undefined: not known, because it is not for us to see or because we are offline. */
  readonly online: boolean | undefined
}

/** Questions for names gather for this long: a screen asks for all of its people at once. */
const GATHER: Millis = 20
/** As many as one question to the server may name. */
const SHOWN_LATELY = 100

export interface Profiles {
  of(user: UserId): Observable<Profile | undefined>
  name(user: UserId): string | undefined
  /** Who has this username, in small letters, as far as this device knows. */
  named(username: string): UserId | undefined
  /** As they are known now, without asking for them. */
  peek(user: UserId): Profile | undefined
  /** People as an answer of the server showed them. */
  met(users: readonly rest.User[]): void
  /** Looks different now, as the server says: asked for anew, if it is known here. */
  changed(user: UserId): void
  presence(user: UserId, online: boolean, lastActiveAt: Millis | null): void
  /** Whether others are online is not known without a connection. */
  lostTouch(): void
  /**
   * The connection is back: asks for those who could not be loaded before. The others may look different
   * by now: who was shown lately is asked for anew, and the rest when next shown.
   */
  wake(): void
  subscribe(listener: () => void): () => void
  /** Hears of those of whom something is known that was not before. */
  onKnown(listener: (people: readonly Profile[]) => void): () => void
  /** Those of whom it is known whether they are. */
  withPresence(): readonly Profile[]
  /** What another tab knows of people, and has written. */
  heard(people: readonly Profile[]): void
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
  const knownListeners = new Set<(people: readonly Profile[]) => void>()
  const missing = new Set<UserId>()
  /** Asked for just now. */
  let asked: ReadonlySet<UserId> = new Set()
  /** Changed while they were asked for: the answer may be of before. */
  const changedSince = new Set<UserId>()
  /** Known from before the connection was lost. */
  const stale = new Set<UserId>()
  /** Who was asked for by a screen, the latest last. */
  const shown = new Set<UserId>()
  /** Who is said to be there, also of those whose names are not known yet. */
  const here = new Map<UserId, Millis | null>()
  let cancel: (() => void) | undefined

  const entry = (user: UserId): Source<Profile | undefined> => {
    const found = known.get(user) ?? source<Profile | undefined>(undefined)
    known.set(user, found)
    return found
  }
  for (const user of await store.profiles()) entry(user.id).set({ ...user, online: undefined })

  const met = (users: readonly rest.User[]) => {
    const changed = users.filter((user) => {
      const before = entry(user.id).get()
      if (before === undefined) missing.delete(user.id)
      const lastActiveAt = latest(before?.lastActiveAt, user.lastActiveAt ?? here.get(user.id))
      const isSame =
        before?.name === user.name &&
        before.username === user.username &&
        before.avatar === user.avatar &&
        before.lastActiveAt === lastActiveAt
      const online = before === undefined && here.has(user.id) ? true : before?.online
      if (!isSame) entry(user.id).set({ ...user, ...lastActive(lastActiveAt), online })
      return !isSame
    })
    if (changed.length === 0) return
    const kept = changed.map((user) => ({ ...user, ...lastActive(entry(user.id).get()?.lastActiveAt) }))
    void saving.run(() => store.putProfiles(kept))
    for (const listener of [...listeners]) listener()
    tellKnown(changed.map(({ id }) => id))
  }
  const tellKnown = (users: readonly UserId[]) => {
    const people = users.flatMap((user) => known.get(user)?.get() ?? [])
    for (const listener of [...knownListeners]) listener(people)
  }

  const load = async () => {
    const question = (asked = new Set(missing))
    const answer = await api.users([...question])
    cancel = undefined
    if (!answer.ok) {
      // They stay missing until the connection is back: see `wake`, which may have been called meanwhile.
      if (asked !== question) loadSoon()
      return
    }
    met(answer.value)
    for (const user of asked) if (!changedSince.has(user)) missing.delete(user)
    asked = new Set()
    changedSince.clear()
    loadSoon()
  }
  const ask = (user: UserId) => {
    if (asked.has(user)) changedSince.add(user)
    stale.delete(user)
    missing.add(user)
    loadSoon()
  }
  const loadSoon = () => {
    if (missing.size > 0) cancel ??= clock.after(GATHER, () => void load())
  }

  return {
    of: (user) => {
      const profile = entry(user)
      shown.delete(user)
      shown.add(user)
      if (stale.has(user) || (profile.get() === undefined && !missing.has(user))) ask(user)
      return profile
    },
    name: (user) => known.get(user)?.get()?.name,
    peek: (user) => known.get(user)?.get(),
    named: (username) => {
      for (const [id, profile] of known) if (profile.get()?.username === username) return id
      return undefined
    },
    met,
    changed: (user) => {
      if (missing.has(user) || known.get(user)?.get() !== undefined) ask(user)
    },
    presence: (user, online, lastActiveAt) => {
      if (online) here.set(user, lastActiveAt)
      else here.delete(user)
      const profile = known.get(user)
      const before = profile?.get()
      if (profile === undefined || before === undefined) return
      if (!online && lastActiveAt === null) {
        // Not for us to see any more: neither whether they are there nor when they were.
        const { lastActiveAt: _, ...others } = before
        profile.set({ ...others, online: undefined })
      } else profile.set({ ...before, online, ...(lastActiveAt === null ? {} : { lastActiveAt }) })
      tellKnown([user])
    },
    lostTouch: () => {
      here.clear()
      const lost = [...known].flatMap(([user, profile]) => {
        const before = profile.get()
        if (before?.online === undefined) return []
        profile.set({ ...before, online: undefined })
        return [user]
      })
      if (lost.length > 0) tellKnown(lost)
    },
    wake: () => {
      asked = new Set()
      for (const [user, profile] of known) if (profile.get() !== undefined) stale.add(user)
      for (const user of [...shown].slice(-SHOWN_LATELY)) ask(user)
      loadSoon()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    onKnown: (listener) => {
      knownListeners.add(listener)
      return () => {
        knownListeners.delete(listener)
      }
    },
    withPresence: () =>
      [...known.values()]
        .flatMap((profile) => profile.get() ?? [])
        .filter(({ online }) => online !== undefined),
    heard: (people) => {
      for (const person of people) {
        missing.delete(person.id)
        entry(person.id).set(person)
      }
      for (const listener of [...listeners]) listener()
    },
    close: () => cancel?.(),
  }
}

const lastActive = (at: Millis | undefined): { readonly lastActiveAt?: Millis } =>
  at === undefined ? {} : { lastActiveAt: at }

const latest = (a: Millis | undefined, b: Millis | null | undefined): Millis | undefined =>
  a === undefined || (b ?? 0) > a ? (b ?? undefined) : a
