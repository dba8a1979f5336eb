import type { Account, ConversationView, SearchCursor } from '@parley/client'
import type { ConversationId, MessageEvent } from '@parley/protocol'
import { useCallback, useEffect, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useObservable } from '../../observe.ts'

/** What finds the messages of each kind: an index knows where they are, and no history is read through for it. */
const TYPED = { files: 'has:file', links: 'http' } as const
export type SharedKind = keyof typeof TYPED

/** Messages that one question asks for. */
const AT_ONCE = 40
/** A pause in what comes in, after which it is looked for again. */
const PAUSE_MILLIS = 400

export interface Shared {
  readonly state: 'looking' | 'found' | 'unavailable'
  readonly messages: readonly MessageEvent[]
  /** There may be more, which neither this device nor anybody it can ask now knows of. */
  readonly isPart: boolean
  /** Undefined: there is no more, or it is on its way. */
  readonly more: (() => void) | undefined
}

type Next = SearchCursor | string | undefined
interface Found {
  readonly state: Shared['state']
  readonly messages: readonly MessageEvent[]
  readonly next: Next
}
const LOOKING: Found = { state: 'looking', messages: [], next: undefined }
const UNAVAILABLE: Found = { ...LOOKING, state: 'unavailable' }

/** Messages with files, or with links, of a whole conversation, page by page. */
export function useShared({ id, standing, lastSeq }: ConversationView, kind: SharedKind): Shared {
  const account = useAccount()
  const { isComplete } = useObservable(account.history)
  const { state: index, indexed, held } = useObservable(account.searching)
  const isLive = useObservable(account.link).state === 'live'
  const [found, setFound] = useState(LOOKING)
  const [isAsking, setIsAsking] = useState(false)
  // What this device does not know the server does, as long as it answers this person.
  const isWhole = isComplete && index === 'ready' && indexed >= held
  const asksServer = !isWhole && isLive && standing === 'member'

  useEffect(() => {
    let isWanted = true
    const look = async (): Promise<void> => {
      const page = await ask(account, id, kind, asksServer, undefined)
      if (isWanted) setFound(page)
    }
    void look()
    return () => {
      isWanted = false
    }
  }, [account, id, kind, asksServer])

  // What has come since goes before what is here; who reads on in it stays where they are.
  useEffect(() => {
    let isWanted = true
    const look = async (): Promise<void> => {
      const page = await ask(account, id, kind, asksServer, undefined)
      if (!isWanted || page.state !== 'found') return
      setFound((before) =>
        before.state === 'found' ? { ...before, messages: together(page.messages, before.messages) } : page,
      )
    }
    const timer = setTimeout(() => void look(), PAUSE_MILLIS)
    return () => {
      isWanted = false
      clearTimeout(timer)
    }
  }, [account, id, kind, asksServer, index, indexed, lastSeq])

  const { next } = found
  const more = useCallback(() => {
    const go = async (): Promise<void> => {
      const page = await ask(account, id, kind, asksServer, next)
      setIsAsking(false)
      setFound((before) =>
        before.next !== next || page.state !== 'found'
          ? before
          : { ...page, messages: together(before.messages, page.messages) },
      )
    }
    setIsAsking(true)
    void go()
  }, [account, id, kind, asksServer, next])
  return {
    state: found.state,
    messages: found.messages,
    isPart: !isWhole && !asksServer,
    more: next === undefined || isAsking ? undefined : more,
  }
}

/** Each message once. */
function together(first: readonly MessageEvent[], second: readonly MessageEvent[]): readonly MessageEvent[] {
  const known = new Set(first.map(({ id }) => id))
  return [...first, ...second.filter(({ id }) => !known.has(id))]
}

async function ask(
  account: Account,
  conversation: ConversationId,
  kind: SharedKind,
  asksServer: boolean,
  after: Next,
): Promise<Found> {
  const q = TYPED[kind]
  if (asksServer) {
    const cursor = typeof after === 'string' ? after : undefined
    const answer = await account.api.search({ q, conversation, limit: AT_ONCE }, cursor)
    if (answer.ok) {
      const { items, next } = answer.value
      return { state: 'found', messages: items.map(({ message }) => message), next }
    }
  }
  const cursor = typeof after === 'string' ? undefined : after
  const page = await account.search(q, { in: conversation, limit: AT_ONCE, ...(cursor && { after: cursor }) })
  if (page === undefined) return UNAVAILABLE
  return { state: 'found', messages: page.hits.map(({ event }) => event), next: page.next }
}
