import { heir, type Member, type Role, type UserId } from '@parley/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { afterLeaving } from './after-leaving.ts'

const [ana, ben, cem] = ['ana', 'ben', 'cem'] as unknown as [UserId, UserId, UserId]
const group = (...members: readonly (readonly [UserId, Role])[]) => ({
  kind: 'group' as const,
  members: new Map(members.map(([user, role], at): [UserId, Member] => [user, { role, since: at + 1 }])),
  memberCount: members.length,
})

test('the last one who leaves takes the conversation along', () => {
  expect(afterLeaving(group([ana, 'owner']), ana)).toEqual({ state: 'deleted' })
})

test('who is not the only owner leaves nothing behind', () => {
  expect(afterLeaving(group([ana, 'owner'], [ben, 'member']), ben)).toEqual({ state: 'goes-on' })
  expect(afterLeaving(group([ana, 'owner'], [ben, 'owner']), ana)).toEqual({ state: 'goes-on' })
})

test('the only owner hands over to the longest-standing admin, else member', () => {
  const withAdmin = group([ana, 'owner'], [ben, 'member'], [cem, 'admin'])
  expect(afterLeaving(withAdmin, ana)).toEqual({ state: 'handed-over', to: cem })
  expect(afterLeaving(group([ana, 'owner'], [ben, 'member'], [cem, 'member']), ana)).toEqual({
    state: 'handed-over',
    to: ben,
  })
})

test('of a channel nobody is named: there may be members whom the device does not know', () => {
  const channel = { ...group([ana, 'owner'], [ben, 'member']), kind: 'channel' as const, memberCount: 90 }
  expect(afterLeaving(channel, ana)).toEqual({ state: 'handed-over-to-somebody' })
})

test('whoever is named is who the rules of the protocol name', () => {
  const role = fc.constantFrom<Role>('owner', 'admin', 'member')
  fc.assert(
    fc.property(fc.array(role, { minLength: 1, maxLength: 6 }), (roles) => {
      const some = group(...roles.map((each, at) => [`user ${at}` as UserId, each] as const))
      const after = afterLeaving(some, 'user 0' as UserId)
      if (after.state === 'handed-over') expect(after.to).toBe(heir(some.members, 'user 0' as UserId))
      expect(after.state === 'deleted').toBe(roles.length === 1)
    }),
  )
})
