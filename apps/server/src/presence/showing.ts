import type { AccountMessage, ConversationId, Millis, UserId } from '@parley/protocol'
import { type Circle, Circles } from './circles.ts'
import { Slices } from './slices.ts'

/** How many people a connection is told of when it opens: friends first, a megabyte at the most. */
export const INTRODUCED = 5_000

/** A connection to an account document. */
export interface Ear {
  sendStateless(payload: string): void
}

export interface ShowingOptions {
  readonly now: () => Millis
  readonly isHere: (user: UserId) => boolean
  readonly onError: (error: unknown) => void
}

/**
 * Who is shown as online to whom. Everybody with a circle here is; what changes is worked off in the
 * order it came up and told in slices, so that a group in which everybody comes at once takes its
 * time and holds up no message.
 */
export class Showing {
  readonly #options: ShowingOptions
  readonly #circles = new Circles()
  readonly #ears = new Map<UserId, Map<Ear, 'waiting' | 'listening'>>()
  readonly #slices: Slices

  constructor(options: ShowingOptions) {
    this.#options = options
    this.#slices = new Slices(options.onError)
  }

  isShown(user: UserId): boolean {
    return this.#circles.has(user)
  }

  /** Everybody who is shown as online. */
  shown(): Iterable<UserId> {
    return this.#circles.users()
  }

  /** Who of those shown is in the conversation. */
  roster(conversation: ConversationId): Iterable<UserId> {
    return this.#circles.roster(conversation)
  }

  /** Tells a connection who is online, and from then on of every change. */
  listen(user: UserId, ear: Ear): void {
    this.#ears.set(user, (this.#ears.get(user) ?? new Map()).set(ear, 'waiting'))
    this.#slices.add(this.#introduce(user, ear))
  }

  unlisten(user: UserId, ear: Ear): void {
    const own = this.#ears.get(user)
    own?.delete(ear)
    if (own?.size === 0) this.#ears.delete(user)
  }

  /** Shows somebody as online to whom their circle says, and no longer to whom only the one before said. */
  relate(user: UserId, circle: Circle): void {
    this.#slices.add(this.#relate(user, circle))
  }

  /** Shows somebody as offline, unless they are back by then. */
  hide(user: UserId, lastActiveAt: Millis | null): void {
    this.#slices.add(this.#hide(user, lastActiveAt))
  }

  /** Says that a profile looks different now, to the person's own devices and to whoever sees the person. */
  tellProfile(user: UserId, circle: Circle | undefined): void {
    this.#tell(user, { type: 'changed', what: 'profile' })
    if (circle !== undefined) this.#slices.add(this.#tellProfile(user, circle))
  }

  /** Says that the list of friends looks different now, to everybody in it. */
  tellFriends({ friends }: Circle): void {
    for (const friend of friends) this.#tell(friend, { type: 'changed', what: 'friends' })
  }

  close(): void {
    this.#slices.clear()
  }

  *#introduce(user: UserId, ear: Ear): Generator<void> {
    const own = this.#ears.get(user)
    if (own?.has(ear) !== true) return
    own.set(ear, 'listening')
    for (const other of [...this.#circles.seenBy(user)].slice(0, INTRODUCED))
      yield ear.sendStateless(JSON.stringify(this.#online(other)))
  }

  *#relate(user: UserId, circle: Circle): Generator<void> {
    if (!this.#circles.has(user) && !this.#options.isHere(user)) return
    const before = this.#circles.seenBy(user)
    this.#circles.set(user, circle)
    const after = this.#circles.seenBy(user)
    const gained = [...after].filter((other) => !before.has(other))
    const lost = [...before].filter((other) => !after.has(other))
    const online = this.#online(user)
    for (const other of gained) yield this.#tell(other, online)
    for (const other of gained.slice(0, INTRODUCED)) yield this.#tell(user, this.#online(other))
    for (const other of lost) {
      yield this.#tell(other, notForYou(user))
      yield this.#tell(user, notForYou(other))
    }
  }

  *#hide(user: UserId, lastActiveAt: Millis | null): Generator<void> {
    if (this.#options.isHere(user)) return
    const seeing = this.#circles.seenBy(user)
    this.#circles.delete(user)
    for (const other of seeing)
      yield this.#tell(other, { type: 'presence', user, online: false, lastActiveAt })
  }

  *#tellProfile(user: UserId, circle: Circle): Generator<void> {
    for (const other of this.#circles.seenBy(user, circle))
      yield this.#tell(other, { type: 'changed', what: 'profile', user })
  }

  #online(user: UserId): AccountMessage {
    return { type: 'presence', user, online: true, lastActiveAt: this.#options.now() }
  }

  #tell(user: UserId, message: AccountMessage): void {
    const own = this.#ears.get(user)
    if (own === undefined) return
    const payload = JSON.stringify(message)
    for (const [ear, state] of own) if (state === 'listening') ear.sendStateless(payload)
  }
}

/** Whether somebody is there, and when they last were, is no longer for the one who is told. */
const notForYou = (user: UserId): AccountMessage => ({
  type: 'presence',
  user,
  online: false,
  lastActiveAt: null,
})
