import {
  type Conversation,
  EMPTY_CONVERSATION,
  type Event,
  foldConversation,
  type Member,
  type MemberEvent,
  type UserId,
} from '@parley/protocol'

/**
 * What a log makes of its conversation, kept up to date event by event. The protocol's fold copies
 * the members each time; twenty thousand who join one after the other would take minutes so. The
 * seed's test compares the two.
 */
export class Crowd {
  /** In the order they came, for choosing one. */
  readonly present: UserId[] = []
  readonly #members = new Map<UserId, Member>()
  #meta: Omit<Conversation, 'members' | 'tip'> = EMPTY_CONVERSATION

  get meta(): Omit<Conversation, 'members' | 'tip'> {
    return this.#meta
  }

  get members(): ReadonlyMap<UserId, Member> {
    return this.#members
  }

  get owner(): UserId {
    const owner = this.present.find((user) => this.#members.get(user)?.role === 'owner')
    if (owner === undefined) throw new Error('a conversation without an owner')
    return owner
  }

  take(event: Event): void {
    if (event.type === 'meta')
      this.#meta = foldConversation([event], { ...EMPTY_CONVERSATION, ...this.#meta })
    else if (event.type === 'member') this.#move(event)
  }

  #move({ user, role, seq }: MemberEvent): void {
    const known = this.#members.get(user)
    if (role !== null) {
      this.#members.set(user, { role, since: known?.since ?? seq })
      if (known === undefined) this.present.push(user)
    } else {
      this.#members.delete(user)
      this.present.splice(this.present.indexOf(user), 1)
    }
  }
}
