import type { rest } from '@parley/protocol'
import { useEffect, useState } from 'react'
import { useAccount } from '../../context.tsx'

export type PeopleSearch =
  | { readonly state: 'idle' | 'searching' | 'unavailable' }
  | { readonly state: 'found'; readonly people: readonly rest.User[] }

/** A pause in typing after which asking is worth it. */
const PAUSE_MILLIS = 180

/** People whose username or name begins like this, as the server knows them. */
export function usePeopleSearch(query: string): PeopleSearch {
  const { api } = useAccount()
  const [search, setSearch] = useState<PeopleSearch>({ state: 'idle' })
  // "@ana" is how people write usernames, and an exact email finds somebody too.
  const wanted = query.trim().replace(/^@/, '')
  useEffect(() => {
    if (wanted === '') return setSearch({ state: 'idle' })
    setSearch((before) => (before.state === 'found' ? before : { state: 'searching' }))
    let isWanted = true
    const timer = setTimeout(async () => {
      const answer = await (wanted.includes('@') ? api.usersByEmail(wanted) : api.searchUsers(wanted))
      if (isWanted) setSearch(answer.ok ? { state: 'found', people: answer.value } : { state: 'unavailable' })
    }, PAUSE_MILLIS)
    return () => {
      isWanted = false
      clearTimeout(timer)
    }
  }, [api, wanted])
  return search
}
