import { newId, type UserId } from '@parley/protocol'
import { expect, test } from 'vitest'
import { visitAt } from './visits.ts'

const [ana, ben] = [newId<UserId>(), newId<UserId>()]
const MINUTE = 60_000

test('a visit goes on over short looks elsewhere, and ends with a long one', () => {
  const first = visitAt(undefined, ana, 1000)
  expect(first).toEqual({ user: ana, cameAt: 1000, lastedUntil: 1000 })
  const on = visitAt(first, ana, 1000 + MINUTE)
  expect(on).toEqual({ user: ana, cameAt: 1000, lastedUntil: 1000 + MINUTE })
  const back = visitAt(on, ana, 1000 + 90 * MINUTE)
  expect(back).toEqual({
    user: ana,
    cameAt: 1000 + 90 * MINUTE,
    lastedUntil: 1000 + 90 * MINUTE,
    leftAt: 1000 + MINUTE,
  })
  // It stays known for as long as this visit lasts.
  expect(visitAt(back, ana, 1000 + 91 * MINUTE).leftAt).toBe(1000 + MINUTE)
})

test('somebody else on the same device begins anew, and a clock that was set back changes nothing', () => {
  const hers = { user: ana, cameAt: 1000, lastedUntil: 5000 }
  expect(visitAt(hers, ben, 9_000_000)).toEqual({ user: ben, cameAt: 9_000_000, lastedUntil: 9_000_000 })
  expect(visitAt(hers, ana, 2000)).toEqual(hers)
})
