import {
  type Conversation,
  type ConversationId,
  levelNow,
  type MessageEvent,
  type Millis,
  type UserId,
} from '@parley/protocol'
import type { Committed } from '../log/bus.ts'
import type { Logger } from '../logger.ts'
import { noticesOf } from '../notifications/notice.ts'
import type { Db } from '../queries/db.ts'
import { type Content, contentOf, type pushMessage } from './message.ts'
import type { Delivery } from './post.ts'
import { devicesOfMembers, hasSubscriptions, preferencesOf, type Reachable } from './subscriptions.ts'

export interface OrdinaryOptions {
  readonly db: Db
  readonly now: () => Millis
  readonly logger: Logger
  readonly deliver: (
    device: Reachable,
    word: { about: Parameters<typeof pushMessage>[1]; content: Content },
  ) => Promise<Delivery>
}

/** Beyond so many that wait, the oldest are not told: whoever comes back sees them counted. */
const MAX_WAITING = 1_000
/** A stop waits no longer for what is to be told, beside what is under way: a push service may not answer. */
const STOP_MS = 10_000

interface Said {
  readonly conversation: ConversationId
  readonly state: Conversation
  readonly event: MessageEvent
  /** Whom it is about: they are told by their notification. */
  readonly told: ReadonlySet<UserId>
}

/**
 * Messages that are about nobody in particular, told to members who want everything. They leave no notification and no
 * job: the node that has committed one looks once who is away, after the answer, and what it does not come to is not
 * told (at most once, R3). So a message costs nothing in its commit, and one look beside it where anybody subscribed.
 */
export class OrdinaryMessages {
  readonly #options: OrdinaryOptions
  #waiting: Said[] = []
  #underWay: Promise<void> | undefined
  /** While it is open: never. */
  #stopsAt: Millis = Infinity

  constructor(options: OrdinaryOptions) {
    this.#options = options
  }

  heard({ conversation, events, after, isOurs }: Committed): void {
    // Another node has told, or will, what it has committed itself.
    if (!isOurs || after === undefined || this.#isClosing) return
    for (const event of events) {
      if (event.type !== 'message') continue
      const notices = noticesOf(event, conversation, after, () => undefined)
      if (notices.some(({ kind }) => kind === 'direct')) continue
      const told = new Set(notices.flatMap(({ users }) => users))
      this.#waiting.push({ conversation, state: after, event, told })
    }
    this.#waiting = this.#waiting.slice(-MAX_WAITING)
    if (this.#waiting.length > 0) this.#begin()
  }

  /** Resolves when what was heard until now has been told, or the time for it is over [N4]. */
  async close(): Promise<void> {
    this.#stopsAt = this.#options.now() + STOP_MS
    await this.#underWay
  }

  get #isClosing(): boolean {
    return this.#stopsAt !== Infinity
  }

  #begin(): void {
    this.#underWay ??= this.#run().finally(() => {
      this.#underWay = undefined
    })
  }

  async #run(): Promise<void> {
    const { db, now, logger } = this.#options
    while (this.#waiting.length > 0) {
      const batch = this.#waiting
      this.#waiting = []
      try {
        if (!(await hasSubscriptions(db))) continue
        for (const said of batch) if (now() < this.#stopsAt) await this.#tell(said)
      } catch (err) {
        logger.warn({ err }, 'messages were not pushed; they wait in the app')
      }
    }
  }

  async #tell({ conversation, state, event, told }: Said): Promise<void> {
    const { db, now, logger, deliver } = this.#options
    const { seq, author, at, replyTo } = event
    const found = await devicesOfMembers(db, { conversation, seq, author }, now())
    const devices = found.filter(
      ({ user, entries }) =>
        !told.has(user) && levelNow(preferencesOf(entries), conversation, state.kind, now()) === 'all',
    )
    if (devices.length === 0) return
    // Who is answered has a notification of it, which is only sent where this is not.
    const answered = replyTo === undefined ? undefined : await authorOf(db, replyTo)
    const content = await contentOf(db, { actor: author, conversation, seq })
    if (content === undefined) return
    const about = { kind: 'message' as const, at, conversation, seq }
    const sent = await Promise.allSettled(
      devices.filter(({ user }) => user !== answered).map((device) => deliver(device, { about, content })),
    )
    for (const each of sent)
      if (each.status === 'rejected')
        logger.debug({ err: each.reason as unknown }, 'a message was not pushed')
  }
}

async function authorOf(db: Db, event: MessageEvent['id']): Promise<UserId | undefined> {
  const row = await db.selectFrom('events').select('author').where('id', '=', event).executeTakeFirst()
  return row?.author
}
