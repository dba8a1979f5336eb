import type { Profile } from '@parley/client'
import type { Mention, Millis, UserId } from '@parley/protocol'
import { useMemo, useSyncExternalStore } from 'react'
import { useAccount } from './context.tsx'
import { useLanguage } from './i18n/language.tsx'
import { useObservable } from './observe.ts'

export function useProfile(user: UserId): Profile | undefined {
  const account = useAccount()
  return useObservable(useMemo(() => account.profile(user), [account, user]))
}

const SEPARATOR = '\u0000'

/** The names of several people, "You" for oneself; "Someone" until a name is known. */
export function useNames(users: readonly UserId[]): readonly string[] {
  const account = useAccount()
  const { t } = useLanguage()
  const { id: self } = useObservable(account.me)
  const key = users.join(SEPARATOR)
  const [subscribe, get] = useMemo(() => {
    const ids = key === '' ? [] : (key.split(SEPARATOR) as UserId[])
    const profiles = ids.map((id) => account.profile(id))
    const join = (): string =>
      profiles
        .map((profile, i) =>
          ids[i] === self ? t('common.you') : (profile.get()?.name ?? t('common.someone')),
        )
        .join(SEPARATOR)
    const listen = (listener: () => void) => {
      const ends = profiles.map((profile) => profile.subscribe(listener))
      return () => {
        for (const end of ends) end()
      }
    }
    return [listen, join] as const
  }, [account, key, self, t])
  const joined = useSyncExternalStore(subscribe, get)
  return useMemo(() => (joined === '' ? [] : joined.split(SEPARATOR)), [joined])
}

/** The name of one person, also of oneself. */
export function useName(user: UserId): string {
  const { t } = useLanguage()
  return useProfile(user)?.name ?? t('common.someone')
}

/** Who is meant by the words after an `@`, as far as the usernames of those who are mentioned are known. */
export function useHandles(mentions: readonly Mention[]): ReadonlyMap<string, Mention> {
  const account = useAccount()
  const key = mentions.join(SEPARATOR)
  const [subscribe, get] = useMemo(() => {
    const ids = key === '' ? [] : (key.split(SEPARATOR) as Mention[])
    const profiles = ids.map((id) => (id === 'everyone' ? undefined : account.profile(id)))
    const join = (): string =>
      profiles
        .map((profile) => (profile === undefined ? 'everyone' : (profile.get()?.username ?? '')))
        .join(SEPARATOR)
    const listen = (listener: () => void) => {
      const ends = profiles.map((profile) => profile?.subscribe(listener))
      return () => {
        for (const end of ends) end?.()
      }
    }
    return [listen, join] as const
  }, [account, key])
  const joined = useSyncExternalStore(subscribe, get)
  return useMemo(() => {
    const ids = key.split(SEPARATOR) as Mention[]
    const handles = joined.split(SEPARATOR).map((handle, i) => [handle, ids[i]] as const)
    return new Map(
      handles.flatMap(([handle, id]) => (handle === '' || id === undefined ? [] : [[handle, id]])),
    )
  }, [joined, key])
}

/** How many of these people, without oneself, are known to be online. */
export function useOnlineCount(users: readonly UserId[]): number {
  const account = useAccount()
  const { id: self } = useObservable(account.me)
  const key = users.filter((user) => user !== self).join(SEPARATOR)
  const [subscribe, get] = useMemo(() => {
    const profiles = key === '' ? [] : key.split(SEPARATOR).map((id) => account.profile(id as UserId))
    const count = (): number => profiles.filter((profile) => profile.get()?.online === true).length
    const listen = (listener: () => void) => {
      const ends = profiles.map((profile) => profile.subscribe(listener))
      return () => {
        for (const end of ends) end()
      }
    }
    return [listen, count] as const
  }, [account, key])
  return useSyncExternalStore(subscribe, get)
}

/** Whether somebody is there, and when they last were. Of oneself only the connection knows. */
export function useActivity(user: UserId): { readonly isOnline: boolean; readonly lastActiveAt?: Millis } {
  const account = useAccount()
  const profile = useProfile(user)
  const isSelf = useObservable(account.me).id === user
  const isLive = useObservable(account.link).state === 'live'
  if (isLive && (isSelf || profile?.online === true)) return { isOnline: true }
  return {
    isOnline: false,
    ...(profile?.lastActiveAt !== undefined && { lastActiveAt: profile.lastActiveAt }),
  }
}
