import type { rest } from '@parley/protocol'
import { useCallback, useEffect, useEffectEvent, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useObservable } from '../../observe.ts'

export interface ChannelSearch {
  /** `away`: the server cannot be asked now. */
  readonly state: 'searching' | 'found' | 'away'
  /** While something else is looked for: what was found before. What was found stays when the server is away. */
  readonly channels: readonly rest.Channel[]
  /** Undefined: there is no more, or it cannot be had now. */
  readonly more: (() => void) | undefined
  readonly again: () => void
}

interface Found {
  /** What was looked for. */
  readonly query: string
  readonly state: ChannelSearch['state']
  readonly channels: readonly rest.Channel[]
  readonly next: string | undefined
}

/** A pause in typing after which asking is worth it. */
const PAUSE_MILLIS = 180

/** The channels of the server whose title begins so. What could not be asked is asked when the connection is back. */
export function useChannels(query: string): ChannelSearch {
  const account = useAccount()
  const { api } = account
  const isLive = useObservable(account.link).state === 'live'
  const [found, setFound] = useState<Found>({ query, state: 'searching', channels: [], next: undefined })
  const [attempt, setAttempt] = useState(0)

  useEffect(() => {
    let isWanted = true
    const ask = async (): Promise<void> => {
      const answer = await api.channels(query)
      if (!isWanted) return
      setFound((before) => {
        if (answer.ok) return { query, state: 'found', channels: answer.value.items, next: answer.value.next }
        const known = before.query === query ? before : { query, channels: [], next: undefined }
        return { ...known, state: 'away' }
      })
    }
    setFound((before) => ({ ...before, state: 'searching' }))
    const timer = setTimeout(() => void ask(), query === '' ? 0 : PAUSE_MILLIS)
    return () => {
      isWanted = false
      clearTimeout(timer)
    }
    // Asked for anew with each attempt.
  }, [api, query, attempt])

  const { channels, next, state } = found
  const again = useCallback(() => setAttempt((before) => before + 1), [])
  const onLive = useEffectEvent(() => {
    if (state === 'away') again()
  })
  useEffect(() => {
    if (isLive) onLive()
  }, [isLive])
  const more = useCallback(async () => {
    if (next === undefined) return
    const answer = await api.channels(query, next)
    setFound((before) => {
      // Something else has been asked for meanwhile.
      if (before.next !== next || before.state === 'searching') return before
      if (!answer.ok) return { ...before, state: 'away' }
      return {
        ...before,
        state: 'found',
        channels: [...before.channels, ...answer.value.items],
        next: answer.value.next,
      }
    })
  }, [api, query, next])
  return {
    state,
    channels,
    // What is still shown of something else has no further pages any more.
    more: state === 'found' && found.query === query && next !== undefined ? () => void more() : undefined,
    again,
  }
}
