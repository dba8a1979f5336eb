import type { Event, Millis, rest, Seq, UserId } from '@parley/protocol'
import { type Notice, noticesOf } from '../../apps/server/src/notifications/notice.ts'
import type { Random } from '../../test/kit/random.ts'
import { skewed } from './draw.ts'
import type { Talk } from './talk.ts'

/** A notification that still waits, because its event is beyond what the person has read. */
export interface WaitingNotice {
  readonly user: UserId
  readonly kind: rest.NotificationKind
  readonly seq: Seq
  readonly event: Event['id']
  readonly actor: UserId
  readonly at: Millis
}

/** How many notices of each conversation are kept until it is known who has read how far. */
const KEPT = 200

/** What the members of one conversation were told of last. */
export class Waiting {
  readonly #kept: WaitingNotice[] = []

  take(talk: Talk, event: Event): void {
    const state = { kind: talk.plan.kind, members: talk.crowd.members }
    for (const notice of noticesOf(event, talk.id, state, (id) => talk.authorOf(id))) this.#keep(notice)
    if (this.#kept.length > 2 * KEPT) this.#kept.splice(0, this.#kept.length - KEPT)
  }

  beyond(positions: ReadonlyMap<UserId, Seq>): WaitingNotice[] {
    return this.#kept.filter(({ user, seq }) => seq > (positions.get(user) ?? Number.POSITIVE_INFINITY))
  }

  #keep(notice: Notice): void {
    if (!('event' in notice)) return
    const { users, kind, seq, event, actor, at } = notice
    this.#kept.push(...users.map((user) => ({ user, kind, seq, event, actor, at })))
  }
}

/** How far everybody in it has read: most all of it, some not the last of it, a few nothing since they came. */
export function readPositions(random: Random, { crowd, tip }: Talk): Map<UserId, Seq> {
  return new Map(
    [...crowd.members].map(([user, { since }]) => {
      const unread = tip.seq - since
      const behind = random.chance(0.6) ? 0 : random.chance(0.8) ? skewed(random, unread + 1) : unread
      return [user, tip.seq - behind]
    }),
  )
}
