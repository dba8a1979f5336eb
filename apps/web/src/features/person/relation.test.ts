import type { FriendsView } from '@parley/client'
import type { FriendRequestId, UserId } from '@parley/protocol'
import { expect, test } from 'vitest'
import { relationTo } from './relation.ts'

const [me, ana, ben, cem, dia, eve] = ['me', 'ana', 'ben', 'cem', 'dia', 'eve'] as UserId[] as [
  UserId,
  UserId,
  UserId,
  UserId,
  UserId,
  UserId,
]
const entry = (id: UserId) => ({ id, profile: undefined, at: 1, fate: undefined, command: undefined })
const asked = (id: UserId) => ({ ...entry(id), request: `request of ${id}` as FriendRequestId })
const view: FriendsView = {
  friends: [entry(ana)],
  incoming: [asked(ben)],
  outgoing: [asked(cem)],
  blocked: [entry(dia)],
  ended: [],
  isComplete: true,
}

test('somebody is one thing to a person: themselves, a friend, asking, asked, blocked, or nothing', () => {
  const is = [me, ana, ben, cem, dia, eve].map((user) => relationTo(user, me, view).is)
  expect(is).toEqual(['self', 'friend', 'incoming', 'outgoing', 'blocked', 'stranger'])
})
