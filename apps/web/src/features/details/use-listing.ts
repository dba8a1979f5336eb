import { type ConversationView, intended } from '@parley/client'
import type { Member, rest, UserId } from '@parley/protocol'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useObservable } from '../../observe.ts'
import { type Asked, askPages } from './listing.ts'

/** Who is in a conversation, as far as it is known here. */
export interface Listing {
  readonly members: ReadonlyMap<UserId, Member>
  readonly changing: ConversationView['changingMembers']
  /** Of a channel: names that came with the list. */
  readonly named: ReadonlyMap<UserId, rest.MemberListing>
  /** `unavailable`: the server could not be asked, and only those are known whom this device has met here. */
  readonly state: 'loading' | 'known' | 'unavailable'
  /** There are more, which the server has. */
  readonly more: (() => void) | undefined
}

const NO_NAMES: Listing['named'] = new Map()

/** The members of a group are on the device; those of a channel the server lists, page by page. */
export function useListing(view: ConversationView): Listing {
  const account = useAccount()
  const me = useObservable(account.me)
  const commands = useObservable(account.commands)
  const isLive = useObservable(account.link).state === 'live'
  const isListed = view.kind === 'channel' && view.standing === 'member'
  const own = useMemo(
    () =>
      commands.filter(
        ({ command }) =>
          command !== undefined && 'conversation' in command && command.conversation === view.id,
      ),
    [commands, view.id],
  )
  const [asked, setAsked] = useState<Asked>()
  const [isUnavailable, setIsUnavailable] = useState(false)
  const [pages, setPages] = useState(1)
  // Once the server has taken what was done here, or somebody has come or gone, its list says something else.
  const revision = `${view.memberCount} ${own.length} ${isLive}`
  useEffect(() => {
    if (!isListed) return undefined
    let isWanted = true
    const ask = async (): Promise<void> => {
      const answer = await askPages(account.api, view.id, pages)
      if (!isWanted) return
      setIsUnavailable(answer === undefined)
      if (answer !== undefined) setAsked(answer)
    }
    void ask()
    return () => {
      isWanted = false
    }
  }, [account, view.id, isListed, revision, pages])
  const askMore = useCallback(() => setPages((count) => count + 1), [])

  return useMemo((): Listing => {
    const { members, changingMembers: changing } = view
    const known = { members, changing, named: NO_NAMES, more: undefined }
    if (view.kind !== 'channel') return { ...known, state: 'known' }
    if (!isListed || (asked === undefined && isUnavailable)) return { ...known, state: 'unavailable' }
    if (asked === undefined) return { ...known, state: 'loading' }
    const { items, next } = asked
    const listed = new Map(items.map(({ user, role, since }) => [user, { role, since }]))
    const after = intended({ ...view, members: listed }, own, me.id)
    return {
      members: after.members,
      changing: after.changingMembers,
      named: new Map(items.map((each) => [each.user, each])),
      state: 'known',
      more: next === undefined ? undefined : askMore,
    }
  }, [view, isListed, asked, isUnavailable, own, me.id, askMore])
}
