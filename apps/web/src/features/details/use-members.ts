import type { ConversationView, Profile } from '@parley/client'
import type { UserId } from '@parley/protocol'
import { useMemo, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { inOrder, type Ordered } from './member-order.ts'
import type { Listing } from './use-listing.ts'
import { usePeople } from './use-people.ts'

/** A member with all that their row says. */
export interface ListedMember extends Ordered {
  readonly username: string
  readonly lastActiveAt: Profile['lastActiveAt']
  readonly change: 'adding' | 'removing' | 'role' | undefined
}

interface MembersOptions {
  readonly view: ConversationView
  readonly self: UserId
  readonly listing: Listing
  /** Somebody is at the list: nobody changes their place under the pointer or the keyboard. */
  readonly isHeld: boolean
}

/** The members in the order of the list; those who are being removed stand at its end until the server has answered. */
export function useMembers({ view, self, listing, isHeld }: MembersOptions): readonly ListedMember[] {
  const account = useAccount()
  const { t, locale } = useLanguage()
  const collator = useMemo(() => new Intl.Collator(locale), [locale])
  const { active } = useObservable(useMemo(() => account.presence(view.id), [account, view.id]))
  const isLive = useObservable(account.link).state === 'live'
  const { members, named, changing } = listing
  const removing = useMemo(
    () => [...changing].flatMap(([user, how]) => (how === 'removing' && user !== self ? [user] : [])),
    [changing, self],
  )
  const users = useMemo(() => [...members.keys(), ...removing], [members, removing])
  const people = usePeople(users)
  const listed = useMemo(() => {
    const here = new Set(active.map(({ id }) => id))
    const asListed = (user: UserId, role: Ordered['role']): ListedMember => {
      const profile = people.get(user)
      return {
        user,
        role,
        name: profile?.name ?? named.get(user)?.name ?? t('common.someone'),
        username: profile?.username ?? named.get(user)?.username ?? '',
        lastActiveAt: profile?.lastActiveAt,
        // Of oneself only the connection knows; offline nobody is known to be there.
        isOnline: isLive && (user === self || here.has(user) || profile?.online === true),
        change: changing.get(user),
      }
    }
    return [
      ...[...members].map(([user, { role }]) => asListed(user, role)).toSorted(inOrder(collator)),
      ...removing.map((user) => asListed(user, 'member')),
    ]
  }, [members, named, changing, removing, people, active, isLive, self, t, collator])

  // While it is held the places are those from before; who has come since stands behind them.
  const [places, setPlaces] = useState<readonly UserId[]>([])
  const order = useMemo(() => listed.map(({ user }) => user), [listed])
  const isSame = places.length === order.length && places.every((user, at) => user === order[at])
  if (!isHeld && !isSame) setPlaces(order)
  return useMemo(() => {
    if (!isHeld) return listed
    const at = new Map(places.map((user, place) => [user, place]))
    return listed.toSorted((a, b) => (at.get(a.user) ?? Infinity) - (at.get(b.user) ?? Infinity) || 0)
  }, [isHeld, listed, places])
}
