import type { ConversationId, UserId } from '@parley/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Circle, Circles } from './circles.ts'

const users = ['a', 'b', 'c', 'd'] as UserId[]
const conversations = ['x', 'y', 'z'] as ConversationId[]

const user = fc.constantFrom(...users)
const circle = fc.record<Circle>({
  conversations: fc.uniqueArray(fc.constantFrom(...conversations)).map((ids) => new Set(ids)),
  friends: fc.uniqueArray(user).map((ids) => new Set(ids)),
  blocks: fc.uniqueArray(user, { maxLength: 1 }).map((ids) => new Set(ids)),
})
const steps = fc.array(
  fc.oneof(fc.record({ user, circle: fc.option(circle) }), fc.record({ user, circle: fc.constant(null) })),
  { maxLength: 30 },
)

/** Who sees whom, said as the rule is said: without rosters, over everybody. */
function sees(one: UserId, other: UserId, known: ReadonlyMap<UserId, Circle>): boolean {
  const [mine, theirs] = [known.get(one), known.get(other)]
  if (one === other || mine === undefined || theirs === undefined) return false
  if (mine.blocks.has(other) || theirs.blocks.has(one)) return false
  const areFriends = mine.friends.has(other) && theirs.friends.has(one)
  return areFriends || [...mine.conversations].some((id) => theirs.conversations.has(id))
}

test('[S2] after any changes exactly those see each other who both say so, and none has blocked the other', () => {
  let meetings = 0
  fc.assert(
    fc.property(steps, (changes) => {
      const circles = new Circles()
      const known = new Map<UserId, Circle>()
      for (const change of changes) {
        if (change.circle === null) {
          circles.delete(change.user)
          known.delete(change.user)
        } else {
          circles.set(change.user, change.circle)
          known.set(change.user, change.circle)
        }
      }
      for (const one of users) {
        const seen = users.filter((other) => sees(one, other, known))
        meetings += seen.length
        expect([...circles.seenBy(one)].toSorted()).toEqual(seen)
      }
      expect([...circles.users()].toSorted()).toEqual([...known.keys()].toSorted())
      for (const id of conversations)
        expect([...circles.roster(id)].toSorted()).toEqual(
          users.filter((each) => known.get(each)?.conversations.has(id)),
        )
    }),
  )
  expect(meetings).toBeGreaterThan(0)
})

test('friends come first, for those who cannot be told of everybody', () => {
  const [me, friend, member] = users as [UserId, UserId, UserId]
  const circles = new Circles()
  const shared = new Set(conversations)
  circles.set(member, { conversations: shared, friends: new Set(), blocks: new Set() })
  circles.set(friend, { conversations: new Set(), friends: new Set([me]), blocks: new Set() })
  circles.set(me, { conversations: shared, friends: new Set([friend]), blocks: new Set() })
  expect([...circles.seenBy(me)]).toEqual([friend, member])
})
