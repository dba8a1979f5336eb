import {
  accountMessage,
  type Code,
  type ConversationId,
  type rest,
  type Seen,
  type Seq,
  unreachable,
} from '@parley/protocol'
import type { Welcome } from './account.ts'
import type { Answer, Api } from './connection/api.ts'
import type { Archive } from './archive/archive.ts'
import type { Directory } from './conversations/directory.ts'
import type { FriendLists, Friends } from './people/friends.ts'
import { openListing } from './people/listing.ts'
import type { Notifications } from './people/notifications.ts'
import { type Observable, source } from './observable.ts'
import type { Clock } from './ports.ts'
import type { Profiles } from './people/profiles.ts'
import { readJson } from './connection/read-json.ts'

export interface NewsOptions {
  readonly api: Api
  readonly archive: Archive
  readonly directory: Directory
  readonly profiles: Profiles
  readonly friends: Friends
  readonly notifications: Notifications
  readonly clock: Clock
  readonly random: () => number
  readonly isLive: () => boolean
  /** Whether the conversation's own document brings its events. */
  readonly isAttended: (id: ConversationId) => boolean
  /** What the server says and what the device has cannot both be so, or could not until now. */
  readonly onDoubt: (id: ConversationId) => void
  /** The server's list of conversations is in the directory. */
  readonly onListed: () => void
  /** The account document was begun anew; so much of this device's replica had been seen. */
  readonly onRenewed: (seen: Seen) => void
  readonly onMe: (me: rest.Me) => void
  readonly onUnauthenticated: () => void
}

export interface News {
  readonly welcome: Observable<Welcome | undefined>
  /** A word beside the account document. */
  take(payload: string): void
  /** Asks for all that may have changed while there was no connection. */
  refresh(): void
  /** The server has taken something that this person did with somebody else. */
  friendsChanged(): void
  /** Asks for one conversation. */
  ask(id: ConversationId): Promise<void>
  close(): void
}

/** What the server tells of the person's world, and what has to be asked because of it. */
export function openNews(options: NewsOptions): News {
  const { api, archive, directory, profiles, friends, notifications, clock, random, isLive } = options
  const welcome = source<Welcome | undefined>(undefined)
  const asking = new Map<ConversationId, Promise<void>>()
  const askAgain = new Set<ConversationId>()
  let isClosed = false

  /** Whether the answer ends the matter; trouble on the server's side is asked about again. */
  const isFinal = (code: Code): boolean => {
    if (code === 'unauthenticated') options.onUnauthenticated()
    return code !== 'unavailable' && code !== 'rate_limited' && code !== 'internal'
  }
  const compare = (id: ConversationId, end: { seq: Seq; hash: string }, knownBefore: Seq) => {
    if (archive.fault(id) !== undefined || !archive.agreesWithEnd(id, end, knownBefore)) options.onDoubt(id)
  }
  const learn = (summary: rest.ConversationSummary, knownBefore: Seq) => {
    compare(summary.id, { seq: summary.lastSeq, hash: summary.lastHash }, knownBefore)
    profiles.met(summary.members)
  }

  /** Asks, and takes what is answered, unless it comes after the end. */
  const listing = <T>(
    question: () => Promise<Answer<T>>,
    /** Called before asking; the answer is whether what it is given is the newest there is. */
    begin: () => (value: T) => boolean,
  ) =>
    openListing({
      clock,
      random,
      isLive,
      ask: async () => {
        const take = begin()
        const answer = await question()
        if (isClosed) return 'done'
        if (answer.ok) return take(answer.value) ? 'done' : 'again'
        return isFinal(answer.code) ? 'done' : 'later'
      },
    })

  const conversations = listing(
    () => api.conversations(),
    () => {
      const before = new Map([...archive.known()].map((id) => [id, archive.tip(id)?.seq ?? 0]))
      const take = directory.asking()
      return (summaries) => {
        take(summaries)
        options.onListed()
        for (const summary of summaries) learn(summary, before.get(summary.id) ?? 0)
        return true
      }
    },
  )
  const people = listing(() => askFriends(api), friends.asking)
  const waiting = listing(
    () => api.notifications(),
    () => {
      const take = notifications.asking()
      return (list) => {
        take(list)
        return true
      }
    },
  )
  const listings = [conversations, people, waiting]

  const askOnce = async (id: ConversationId): Promise<void> => {
    const before = archive.tip(id)?.seq ?? 0
    const answer = await api.conversation(id)
    if (isClosed) return
    if (answer.ok) {
      directory.told(answer.value)
      learn(answer.value, before)
    } else if (answer.code === 'forbidden') directory.left(id)
    else if (!isFinal(answer.code)) conversations.later()
  }
  const ask = (id: ConversationId): Promise<void> => {
    const underWay = asking.get(id)
    if (underWay !== undefined) {
      askAgain.add(id)
      return underWay
    }
    const mine = askOnce(id).finally(() => {
      asking.delete(id)
      if (askAgain.delete(id) && !isClosed) void ask(id)
    })
    asking.set(id, mine)
    return mine
  }

  const refreshMe = async (): Promise<void> => {
    const answer = await api.me()
    if (isClosed) return
    if (answer.ok) options.onMe(answer.value)
    else if (answer.code === 'unauthenticated') options.onUnauthenticated()
  }

  const take = (payload: string) => {
    // A word that a newer server says and this app does not know is not for it.
    const message = readJson(accountMessage, payload)
    if (message === undefined) return
    switch (message.type) {
      case 'hello':
        welcome.set({
          lastActiveAt: message.lastActiveAt,
          limits: message.limits,
          serverTime: message.serverTime,
        })
        break
      case 'activity': {
        const { conversation, seq, hash } = message
        compare(conversation, { seq, hash }, 0)
        const isCurrent = directory.get(conversation)?.left === false && options.isAttended(conversation)
        if (!isCurrent) void ask(conversation)
        break
      }
      case 'presence':
        profiles.presence(message.user, message.online, message.lastActiveAt)
        break
      case 'changed':
        if (message.what === 'conversations') conversations.want()
        else if (message.what === 'friends') people.want()
        else if (message.user === undefined) void refreshMe()
        else profiles.changed(message.user)
        break
      case 'notification': {
        const { type: _, ...notification } = message
        notifications.change({ is: 'told', notification })
        break
      }
      case 'withdrawn':
        notifications.change({ is: 'gone', ids: message.notifications })
        break
      case 'renewed':
        options.onRenewed(new Map(message.seen))
        break
      default:
        unreachable(message)
    }
  }

  return {
    welcome,
    take,
    refresh: () => {
      for (const each of listings) each.refresh()
      void refreshMe()
    },
    friendsChanged: people.want,
    ask,
    close: () => {
      isClosed = true
      for (const each of listings) each.close()
    },
  }
}

/** The three lists that say what others are to this person. */
async function askFriends(api: Api): Promise<Answer<FriendLists>> {
  const [friends, pending, blocks] = await Promise.all([
    api.friends(),
    api.friendRequests({ status: 'PENDING' }),
    api.blocks(),
  ])
  if (!friends.ok) return friends
  if (!pending.ok) return pending
  if (!blocks.ok) return blocks
  return { ok: true, value: { friends: friends.value, pending: pending.value, blocks: blocks.value } }
}
