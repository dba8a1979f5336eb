import type { UserId } from '@parley/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inOrder, type Ordered } from './member-order.ts'

const order = inOrder(new Intl.Collator('en'))

const member: fc.Arbitrary<Ordered> = fc.record({
  user: fc.uuid().map((id) => id as UserId),
  role: fc.constantFrom('owner', 'admin', 'member'),
  name: fc.constantFrom('Ana', 'ana', 'Ben', 'Émile', 'Emil', ''),
  isOnline: fc.boolean(),
})
const members = fc.uniqueArray(member, { selector: ({ user }) => user, maxLength: 20 })

test('owners stand first, then admins, and among each of them who is online, by name', () => {
  const listed = ['member Zoë', 'admin Ben', 'member Ana online', 'owner Ida', 'member Ben'].map(
    (words, place) => {
      const [role, name, online] = words.split(' ')
      return { user: String(place), role, name, isOnline: online === 'online' } as Ordered
    },
  )
  expect(listed.toSorted(order).map(({ name }) => name)).toEqual(['Ida', 'Ben', 'Ana', 'Ben', 'Zoë'])
})

test('the same people stand in the same order, however they came', () => {
  fc.assert(
    fc.property(members, fc.infiniteStream(fc.nat()), (listed, keys) => {
      const shuffled = listed
        .map((each) => ({ each, key: keys.next().value }))
        .toSorted((a, b) => a.key - b.key)
        .map(({ each }) => each)
      expect(shuffled.toSorted(order)).toEqual(listed.toSorted(order))
    }),
  )
})
