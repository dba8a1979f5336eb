import type { Account, SearchCursor, SearchHit, SearchProgress } from '@parley/client'
import type { ConversationId } from '@parley/protocol'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useObservable } from '../../observe.ts'
import { asHits, mergedHits } from './merged-hits.ts'

/** What one place answered so far. */
interface Found {
  readonly state: 'searching' | 'found' | 'unavailable' | 'not-asked'
  readonly hits: readonly SearchHit[]
}
const NOT_ASKED: Found = { state: 'not-asked', hits: [] }
const SEARCHING: Found = { state: 'searching', hits: [] }
const UNAVAILABLE: Found = { state: 'unavailable', hits: [] }

export interface MessageSearch {
  readonly hits: readonly SearchHit[]
  readonly device: Found['state']
  readonly server: Found['state']
  /** Undefined: there is no more. */
  readonly more: (() => void) | undefined
}

/** A pause in typing after which asking is worth it; the device's own answer costs less than the server's. */
const DEVICE_PAUSE = 60
const SERVER_PAUSE = 250

/** Asks a place for pages, for as long as it is asked for the same. */
interface Source {
  first(): Promise<void>
  more: (() => Promise<void>) | undefined
}

/** What is looked for; `within`: only in that conversation. */
interface Sought {
  readonly typed: string
  readonly within: ConversationId | undefined
}

/** Messages that answer what is typed: from this device, and from the server where `asksServer`. */
export function useMessageSearch({ typed, within }: Sought, asksServer: boolean): MessageSearch {
  const account = useAccount()
  const phase = usePhase()
  const [device, setDevice] = useState(NOT_ASKED)
  const [server, setServer] = useState(NOT_ASKED)
  const sources = useRef<readonly Source[]>([])
  const [hasMore, setHasMore] = useState(false)
  const look = useCallback(() => setHasMore(sources.current.some(({ more }) => more !== undefined)), [])

  useEffect(() => {
    if (typed === '') {
      setDevice(NOT_ASKED)
      setServer(NOT_ASKED)
      return undefined
    }
    let isWanted = true
    const taking = (set: typeof setDevice) => (next: (before: Found) => Found) => {
      if (isWanted) set(next)
    }
    const own = deviceSource(account, { typed, within }, taking(setDevice))
    const others = asksServer ? serverSource(account, { typed, within }, taking(setServer)) : undefined
    sources.current = others === undefined ? [own] : [own, others]
    setDevice((before) => ({ ...SEARCHING, hits: before.hits }))
    setServer((before) => (others === undefined ? NOT_ASKED : { ...SEARCHING, hits: before.hits }))
    const start = (source: Source | undefined, pause: number) =>
      source && setTimeout(() => void source.first().then(() => isWanted && look()), pause)
    const timers = [start(own, DEVICE_PAUSE), start(others, SERVER_PAUSE)]
    return () => {
      isWanted = false
      for (const timer of timers) clearTimeout(timer)
    }
  }, [account, typed, within, asksServer, phase, look])

  const more = useCallback(() => {
    void Promise.all(sources.current.map((source) => source.more?.() ?? Promise.resolve())).then(look)
  }, [look])
  const hits = useMemo(() => mergedHits([device.hits, server.hits]), [device.hits, server.hits])
  return { hits, device: device.state, server: server.state, more: hasMore ? more : undefined }
}

type Take = (next: (before: Found) => Found) => void

function deviceSource(account: Account, { typed, within }: Sought, take: Take): Source {
  const read = async (after: SearchCursor | undefined): Promise<void> => {
    source.more = undefined
    const page = await account.search(typed, { ...(after && { after }), ...(within && { in: within }) })
    if (page === undefined) return take(() => UNAVAILABLE)
    const { hits, next } = page
    source.more = next && (() => read(next))
    take((before) => ({ state: 'found', hits: after === undefined ? hits : [...before.hits, ...hits] }))
  }
  const source: Source = { first: () => read(undefined), more: undefined }
  return source
}

function serverSource({ api }: Account, { typed, within }: Sought, take: Take): Source {
  const read = async (after: string | undefined): Promise<void> => {
    source.more = undefined
    const answer = await api.search({ q: typed, ...(within && { conversation: within }) }, after)
    if (!answer.ok) return take(() => UNAVAILABLE)
    const { items, next } = answer.value
    const hits = asHits(typed, items)
    source.more = next === undefined ? undefined : () => read(next)
    take((before) => ({ state: 'found', hits: after === undefined ? hits : [...before.hits, ...hits] }))
  }
  const source: Source = { first: () => read(undefined), more: undefined }
  return source
}

/**
 * Asked again when more can be found: another tab searches now, or all there is has been indexed. Not with each
 * message that comes later: a list that somebody reads on in would begin anew.
 */
function usePhase(): SearchProgress['state'] {
  const { state } = useObservable(useAccount().searching)
  const phase = useRef(state)
  if (state === 'closed' || phase.current !== 'ready') phase.current = state
  return phase.current
}
