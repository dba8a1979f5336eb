import type { rest, UserId } from '@parley/protocol'
import { useEffect, useMemo, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useObservable } from '../../observe.ts'
import { matches } from '../inbox/titles.ts'

export interface PeopleSearch {
  /** What the server says to it; `idle`: it was not asked. */
  readonly state: 'idle' | 'searching' | 'found' | 'unavailable'
  /** Those this device knows first; without a query the friends. */
  readonly people: readonly rest.User[]
}

/** A pause in typing after which asking is worth it. */
const PAUSE_MILLIS = 180

interface Asked extends PeopleSearch {
  readonly wanted: string
}
const IDLE: Asked = { state: 'idle', people: [], wanted: '' }

/** People whose username or name is like this, as this device and the server know them. */
export function usePeopleSearch(query: string): PeopleSearch {
  // "@ana" is how people write usernames, and an exact email finds somebody too.
  const wanted = query.trim().replace(/^@/, '')
  const known = useKnown(wanted)
  const { state, people } = useAsked(wanted)
  return useMemo(() => {
    const ids = new Set(known.map(({ id }) => id))
    return { state, people: [...known, ...people.filter(({ id }) => !ids.has(id))] }
  }, [known, state, people])
}

function useAsked(wanted: string): Asked {
  const account = useAccount()
  const { api } = account
  // What could not be asked is asked as soon as it can be.
  const isLive = useObservable(account.link).state === 'live'
  const [asked, setAsked] = useState(IDLE)
  useEffect(() => {
    if (wanted === '') return setAsked(IDLE)
    // Whom the server has found for the same stays, also when it cannot be asked any more.
    const unanswered = (state: 'searching' | 'unavailable') => (before: Asked) => ({
      state,
      people: before.wanted === wanted ? before.people : [],
      wanted,
    })
    setAsked((before) => (before.state === 'found' ? before : unanswered('searching')(before)))
    let isWanted = true
    const timer = setTimeout(async () => {
      const answer = await (wanted.includes('@') ? api.usersByEmail(wanted) : api.searchUsers(wanted))
      if (isWanted)
        setAsked(answer.ok ? { state: 'found', people: answer.value, wanted } : unanswered('unavailable'))
    }, PAUSE_MILLIS)
    return () => {
      isWanted = false
      clearTimeout(timer)
    }
  }, [api, wanted, isLive])
  return asked
}

/** More would only be scrolled past. */
const SHOWN = 8

/** Friends, and those who are in a conversation with this person: found without a network. */
function useKnown(wanted: string): readonly rest.User[] {
  const account = useAccount()
  const { friends, incoming, outgoing } = useObservable(account.friends)
  const list = useObservable(account.conversations)
  return useMemo(() => {
    if (wanted === '') return friends.flatMap(({ profile }) => profile ?? []).slice(0, SHOWN)
    const ids = new Set<UserId>([...friends, ...incoming, ...outgoing].map(({ id }) => id))
    const views = list.state === 'known' ? list.conversations : []
    for (const { members } of views) for (const id of members.keys()) ids.add(id)
    const found: rest.User[] = []
    for (const id of ids) {
      const profile = account.profile(id).get()
      if (profile !== undefined && matches(`${profile.name} ${profile.username}`, wanted)) found.push(profile)
      if (found.length === SHOWN) break
    }
    return found
  }, [account, friends, incoming, outgoing, list, wanted])
}
