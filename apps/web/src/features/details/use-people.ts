import type { Account, Profile } from '@parley/client'
import type { UserId } from '@parley/protocol'
import { useMemo, useSyncExternalStore } from 'react'
import { useAccount } from '../../context.tsx'

type People = ReadonlyMap<UserId, Profile>

/** All of these people as this device knows them. A thousand of them change the screen once, and not a thousand times. */
export function usePeople(users: readonly UserId[]): People {
  const account = useAccount()
  const key = users.join(' ')
  const [subscribe, get] = useMemo(
    () => watched(account, key === '' ? [] : (key.split(' ') as UserId[])),
    [account, key],
  )
  return useSyncExternalStore(subscribe, get)
}

function watched(account: Account, users: readonly UserId[]) {
  const profiles = users.map((user) => [user, account.profile(user)] as const)
  const read = (): People =>
    new Map(
      profiles.flatMap(([user, observable]) => {
        const profile = observable.get()
        return profile === undefined ? [] : [[user, profile] as const]
      }),
    )
  let people = read()
  const subscribe = (listener: () => void) => {
    let isToldSoon = false
    let isHeard = true
    const changed = () => {
      if (isToldSoon) return
      isToldSoon = true
      queueMicrotask(() => {
        isToldSoon = false
        people = read()
        if (isHeard) listener()
      })
    }
    const ends = profiles.map(([, profile]) => profile.subscribe(changed))
    return () => {
      isHeard = false
      for (const end of ends) end()
    }
  }
  return [subscribe, () => people] as const
}
