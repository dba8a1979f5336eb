import type { UserId } from '@parley/protocol'
import { useAccount } from '../../context.tsx'
import { useObservable } from '../../observe.ts'
import { aboutWhom, isFriendCommand, type RefusedOfPeople } from './refused-words.ts'
import { type RelationTo, relationTo } from './relation.ts'

/** What somebody is to this person now, with what was done about it and has not been sent yet. */
export function useRelation(user: UserId): RelationTo {
  const account = useAccount()
  return relationTo(user, useObservable(account.me).id, useObservable(account.friends))
}

/** What this person did about people and the server said no to; about one of them, where one is asked for. */
export function useRefused(user?: UserId): readonly RefusedOfPeople[] {
  const account = useAccount()
  const friends = useObservable(account.friends)
  return useObservable(account.commands).filter(
    (each): each is RefusedOfPeople =>
      each.fate.state === 'refused' &&
      isFriendCommand(each.command) &&
      (user === undefined || aboutWhom(each.command, friends) === user),
  )
}
