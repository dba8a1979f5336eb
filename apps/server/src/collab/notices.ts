import type { Connection, Document } from '@hocuspocus/server'
import type {
  AccountMessage,
  ConversationId,
  ConversationMessage,
  Limits,
  Millis,
  Seq,
  UserId,
} from '@parley/protocol'
import { LRUCache } from 'lru-cache'
import type { Committed } from '../log/bus.ts'
import type { Moved, Positions } from '../reading/positions.ts'
import type { Context } from './peer.ts'

/** Who follows a conversation by its document hears of each event there; here they are told at this pace. */
const FOLLOWED_PACE_MS = 1_000
const REMEMBERED_READS = 1_000

export interface NoticesOptions {
  readonly positions: Positions
  readonly limits: Limits
  readonly now: () => Millis
  /** The open documents of this node. */
  readonly accountOf: (user: UserId) => Document | undefined
  readonly conversationOf: (conversation: ConversationId) => Document | undefined
}

type Activity = Extract<AccountMessage, { type: 'activity' }>

/** What the server tells a connection beside the documents: greetings, activity, how far others have read. */
export class Notices {
  readonly #options: NoticesOptions
  readonly #later = new Map<ConversationId, { members: ReadonlyMap<UserId, unknown>; activity: Activity }>()
  #timer: NodeJS.Timeout | undefined
  readonly #reads = new LRUCache<ConversationId, Promise<string>>({ max: REMEMBERED_READS })

  constructor(options: NoticesOptions) {
    this.#options = options
  }

  /** Greets a connection to an account document. */
  hello(connection: Connection, lastActiveAt: Millis | null): void {
    const { limits, now } = this.#options
    send(connection, { type: 'hello', lastActiveAt, serverTime: now(), limits: { ...limits } })
  }

  /** Tells a connection how far everybody in the conversation has read. */
  async allReads(connection: Connection, conversation: ConversationId): Promise<void> {
    const known = this.#reads.get(conversation)
    const reading = known ?? this.#readAll(conversation)
    connection.sendStateless(await reading)
  }

  /** Everybody who opens a conversation hears the same: it is read once, and again when it has changed. */
  #readAll(conversation: ConversationId): Promise<string> {
    const reading = this.#options.positions
      .of(conversation)
      .then((reads) => JSON.stringify(readsMessage(reads)))
    this.#reads.set(conversation, reading)
    reading.catch(() => this.#reads.delete(conversation))
    return reading
  }

  /** Tells everybody in the conversation how far one of them has read. */
  readMoved({ user, conversation, seq }: Moved): void {
    this.#reads.delete(conversation)
    this.#options
      .conversationOf(conversation)
      ?.broadcastStateless(JSON.stringify(readsMessage({ [user]: seq })))
  }

  /** Tells the members that their conversation has moved, and those who came or went that their list has. */
  committed({ conversation, events, before, after }: Committed): void {
    const last = events.at(-1)
    if (after !== undefined && last !== undefined) {
      const activity = { type: 'activity', conversation, seq: last.seq, hash: last.hash } as const
      this.#tellLater(after.members, activity)
      this.#tellOthers(after.members, activity)
    }
    if (before?.members !== after?.members) this.#reads.delete(conversation)
    for (const user of membersOfEither(before?.members, after?.members)) {
      const isListed = after?.members.has(user) ?? false
      const wasListed = before?.members.has(user) ?? false
      if (isListed !== wasListed) this.changed(user, 'conversations')
    }
  }

  changed(user: UserId, what: Extract<AccountMessage, { type: 'changed' }>['what']): void {
    this.tell(user, { type: 'changed', what })
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#later.clear()
  }

  /** At once, to members who do not have the conversation's document open on this node. */
  #tellOthers(members: ReadonlyMap<UserId, unknown>, activity: Activity): void {
    const followers = new Set<UserId | undefined>()
    for (const connection of this.#options.conversationOf(activity.conversation)?.connections.keys() ?? []) {
      followers.add((connection.context as Context).peer.identity?.user.id)
    }
    if (followers.size >= members.size) return
    for (const user of members.keys()) if (!followers.has(user)) this.tell(user, activity)
  }

  /** In a while, and then only the latest, to everybody: who follows the document knows it from there. */
  #tellLater(members: ReadonlyMap<UserId, unknown>, activity: Activity): void {
    this.#later.set(activity.conversation, { members, activity })
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      const due = [...this.#later.values()]
      this.#later.clear()
      for (const { members: told, activity: latest } of due)
        for (const user of told.keys()) this.tell(user, latest)
    }, FOLLOWED_PACE_MS).unref()
  }

  /** Tells all devices of a person that are connected to this node. */
  tell(user: UserId, message: AccountMessage): void {
    this.#options.accountOf(user)?.broadcastStateless(JSON.stringify(message))
  }
}

const readsMessage = (reads: Readonly<Record<UserId, Seq>>): ConversationMessage => ({ type: 'reads', reads })

const send = (connection: Connection, message: AccountMessage): void =>
  connection.sendStateless(JSON.stringify(message))

/** Nobody comes or goes by a message, so the two maps are mostly the same one. */
function* membersOfEither(
  before?: ReadonlyMap<UserId, unknown>,
  after?: ReadonlyMap<UserId, unknown>,
): Iterable<UserId> {
  if (before === after) return
  if (before !== undefined) yield* before.keys()
  for (const user of after?.keys() ?? []) if (before?.has(user) !== true) yield user
}
