import type { ConversationView } from '@parley/client'
import { can, type rest, type UserId } from '@parley/protocol'
import { useEffect, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { type Candidate, inOrderOfSpeaking } from './completion.ts'

type Listed =
  | { readonly state: 'known'; readonly members: readonly rest.MemberListing[] }
  /** The server cannot be asked: only those whom the device knows of are offered. */
  | { readonly state: 'unavailable' }

export interface People {
  /** Who can be mentioned, whoever spoke last first. */
  candidates(): readonly Candidate[]
  /** Whose handle this is, if they are a member. */
  memberOf(handle: string): UserId | undefined
  readonly areSomeUnknown: boolean
}

const NOBODY: readonly rest.MemberListing[] = []

/** Whom a message here can mention. A channel's members are not on the device: the server is asked when they are wanted. */
export function usePeople(view: ConversationView, self: UserId, areWanted: boolean): People {
  const account = useAccount()
  const { t } = useLanguage()
  const [listed, setListed] = useState<Listed>()
  const { id, kind } = view
  const isAsking = areWanted && kind === 'channel'
  // What could not be asked is asked as soon as it can be.
  const isLive = useObservable(account.link).state === 'live'
  useEffect(() => {
    if (!isAsking) return undefined
    let isCurrent = true
    void account.api.members(id).then((answer) => {
      if (!isCurrent) return
      if (answer.ok) setListed({ state: 'known', members: answer.value })
      else setListed((before) => (before?.state === 'known' ? before : { state: 'unavailable' }))
    })
    return () => {
      isCurrent = false
    }
  }, [account, id, isAsking, isLive])
  const members = listed?.state === 'known' ? listed.members : NOBODY

  const candidates = (): readonly Candidate[] => {
    const known = [...view.members].flatMap(([user, { role }]): readonly Candidate[] => {
      const profile = account.profile(user).get()
      if (user === self || profile === undefined || profile.deleted) return []
      const { username: handle, name, online } = profile
      return [{ mention: user, handle, name, role, isOnline: online === true }]
    })
    const others = members
      .filter(({ user }) => user !== self && !view.members.has(user))
      .map(({ user, username, name, role }): Candidate => ({ mention: user, handle: username, name, role }))
    const everyone = {
      mention: 'everyone',
      handle: 'everyone',
      name: t('compose.mentions.everyone'),
    } as const
    const authors = account
      .timeline(id)
      .get()
      .items.flatMap((item) => (item.kind === 'message' ? [item.author] : []))
    const people = inOrderOfSpeaking([...known, ...others], authors)
    return can(self, { do: 'mention-everyone' }, view) ? [...people, everyone] : people
  }
  return {
    candidates,
    memberOf: (handle) =>
      [...view.members.keys()].find((user) => account.profile(user).get()?.username === handle) ??
      members.find(({ username }) => username === handle)?.user,
    areSomeUnknown: isAsking && listed?.state === 'unavailable',
  }
}
