import {
  accountMessage,
  type Code,
  type ConversationId,
  type Millis,
  type rest,
  unreachable,
} from '@parley/protocol'
import type { Welcome } from './account.ts'
import type { Api } from './api.ts'
import type { Archive } from './archive.ts'
import type { Directory } from './directory.ts'
import { backOff } from './link.ts'
import { type Observable, source } from './observable.ts'
import type { Clock } from './ports.ts'
import type { Profiles } from './profiles.ts'
import { readJson } from './read-json.ts'

export interface NewsOptions {
  readonly api: Api
  readonly archive: Archive
  readonly directory: Directory
  readonly profiles: Profiles
  readonly clock: Clock
  readonly random: () => number
  readonly isLive: () => boolean
  /** Whether the conversation's own document brings its events. */
  readonly isAttended: (id: ConversationId) => boolean
  readonly onMe: (me: rest.Me) => void
  readonly onUnauthenticated: () => void
}

export interface News {
  readonly welcome: Observable<Welcome | undefined>
  /** A word beside the account document. */
  take(payload: string): void
  /** Asks for all that may have changed while there was no connection. */
  refresh(): void
  /** Asks for one conversation. */
  ask(id: ConversationId): Promise<void>
  close(): void
}

/** The least time between two lists of all conversations. */
const LIST_RESTS: Millis = 1_000

/** What the server tells of the person's world, and what has to be asked because of it. */
export function openNews(options: NewsOptions): News {
  const { api, archive, directory, profiles, clock, random, isLive } = options
  const welcome = source<Welcome | undefined>(undefined)
  const asking = new Map<ConversationId, Promise<void>>()
  const askAgain = new Set<ConversationId>()
  let failures = 0
  let cancelRetry: () => void = () => undefined
  let listing: Promise<void> | undefined
  let listAgain = false
  let isClosed = false
  let cancelRest: () => void = () => undefined

  const later = (run: () => void) => {
    failures += 1
    cancelRetry()
    cancelRetry = clock.after(backOff(failures, random()), run)
  }
  /** Whether the answer ends the matter; trouble on the server's side is asked about again. */
  const isFinal = (code: Code): boolean => {
    if (code === 'unauthenticated') options.onUnauthenticated()
    return code !== 'unavailable' && code !== 'rate_limited' && code !== 'internal'
  }
  const learn = (summary: rest.ConversationSummary, knownBefore: number) => {
    archive.compareEnd(summary.id, { seq: summary.lastSeq, hash: summary.lastHash }, knownBefore)
    profiles.met(summary.members)
  }

  const listOnce = async (): Promise<void> => {
    const before = new Map([...archive.known()].map((id) => [id, archive.tip(id)?.seq ?? 0]))
    const answer = await api.conversations()
    if (isClosed) return
    if (!answer.ok) {
      if (!isFinal(answer.code) && isLive()) later(list)
      return
    }
    failures = 0
    directory.listed(answer.value)
    for (const summary of answer.value) learn(summary, before.get(summary.id) ?? 0)
  }
  const list = () => {
    if (isClosed) return
    listAgain = listing !== undefined
    listing ??= listOnce().finally(() => {
      // Whoever is put into a hundred groups is told a hundred times: one look a while is enough.
      cancelRest = clock.after(LIST_RESTS, () => {
        listing = undefined
        if (listAgain) list()
      })
    })
  }

  const askOnce = async (id: ConversationId): Promise<void> => {
    const before = archive.tip(id)?.seq ?? 0
    const answer = await api.conversation(id)
    if (isClosed) return
    if (answer.ok) {
      directory.told(answer.value)
      learn(answer.value, before)
    } else if (answer.code === 'forbidden') directory.left(id)
    else if (!isFinal(answer.code) && isLive()) later(list)
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
        archive.compareEnd(conversation, { seq, hash }, 0)
        const isCurrent = directory.get(conversation)?.left === false && options.isAttended(conversation)
        if (!isCurrent) void ask(conversation)
        break
      }
      case 'presence':
        profiles.presence(message.user, message.online, message.lastActiveAt)
        break
      case 'changed':
        if (message.what !== 'profile') list()
        else if (message.user === undefined) void refreshMe()
        else profiles.changed(message.user)
        break
      case 'notification':
      case 'withdrawn':
        break
      default:
        unreachable(message)
    }
  }

  return {
    welcome,
    take,
    refresh: () => {
      failures = 0
      list()
      void refreshMe()
    },
    ask,
    close: () => {
      isClosed = true
      cancelRetry()
      cancelRest()
    },
  }
}
