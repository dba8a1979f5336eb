import type { ConversationId, UserId } from '@parley/protocol'

/** Whom a person knows: what decides who sees whom come and go. */
export interface Circle {
  /** Their direct and group conversations; a channel makes nobody visible. */
  readonly conversations: ReadonlySet<ConversationId>
  readonly friends: ReadonlySet<UserId>
  /** Whom they have blocked. */
  readonly blocks: ReadonlySet<UserId>
}

/**
 * The circles of everybody who is online, in such a way that who sees somebody is found without
 * asking the database: a thousand members who connect are a thousand circles, not a million pairs.
 * Seeing is mutual, and needs both sides to agree: as soon as one has left, ended the friendship or
 * blocked, it is over for both (S2).
 */
export class Circles {
  readonly #circles = new Map<UserId, Circle>()
  readonly #rosters = new Map<ConversationId, Set<UserId>>()

  has(user: UserId): boolean {
    return this.#circles.has(user)
  }

  users(): Iterable<UserId> {
    return this.#circles.keys()
  }

  set(user: UserId, circle: Circle): void {
    this.delete(user)
    this.#circles.set(user, circle)
    for (const conversation of circle.conversations) {
      this.#rosters.set(conversation, (this.#rosters.get(conversation) ?? new Set()).add(user))
    }
  }

  delete(user: UserId): void {
    for (const conversation of this.#circles.get(user)?.conversations ?? []) {
      const roster = this.#rosters.get(conversation)
      roster?.delete(user)
      if (roster?.size === 0) this.#rosters.delete(conversation)
    }
    this.#circles.delete(user)
  }

  /** Who of those known here is in the conversation. */
  roster(conversation: ConversationId): Iterable<UserId> {
    return this.#rosters.get(conversation) ?? []
  }

  /** Who of those known here sees the person and is seen by them, friends first. */
  seenBy(user: UserId, circle = this.#circles.get(user)): Set<UserId> {
    const seen = new Set<UserId>()
    if (circle === undefined) return seen
    const see = (other: UserId, theirs: Circle | undefined): void => {
      if (theirs !== undefined && other !== user && !circle.blocks.has(other) && !theirs.blocks.has(user))
        seen.add(other)
    }
    for (const friend of circle.friends) {
      const theirs = this.#circles.get(friend)
      if (theirs?.friends.has(user) === true) see(friend, theirs)
    }
    for (const conversation of circle.conversations) {
      for (const member of this.roster(conversation)) see(member, this.#circles.get(member))
    }
    return seen
  }
}
