import type { ConversationView } from '@parley/client'
import { type ConversationId, levelKey, mutedKey, newId, readPreferences } from '@parley/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { badgeOf, nextUnmuted } from './badge.ts'

const NOW = 1_000_000

const conversation = fc.record({
  id: fc.constant(undefined).map(() => newId<ConversationId>()),
  kind: fc.constantFrom('direct' as const, 'group' as const, 'channel' as const),
  standing: fc.constantFrom<ConversationView['standing']>('member', 'left', 'creating'),
  archived: fc.boolean(),
  unread: fc.nat(500),
  mentions: fc.nat(20),
  level: fc.constantFrom('all', 'mentions', 'none', undefined),
  mutedUntil: fc.constantFrom(undefined, NOW - 1, NOW + 1),
})

const badge = (views: readonly (typeof conversation extends fc.Arbitrary<infer T> ? T : never)[]) =>
  badgeOf(
    views.map((view) => ({ ...view, mentions: Math.min(view.mentions, view.unread) })),
    readPreferences(
      views.flatMap(({ id, level, mutedUntil }): [string, unknown][] => [
        [levelKey(id), level],
        [mutedKey(id), mutedUntil],
      ]),
    ),
    NOW,
  )

test('[R2] what counts lies between what mentions somebody and what is unread, and is the sum of its conversations', () => {
  fc.assert(
    fc.property(fc.array(conversation), (views) => {
      const { count, isMarked } = badge(views)
      const here = views.filter(({ standing }) => standing !== 'left')
      expect(count).toBeLessThanOrEqual(here.reduce((sum, { unread }) => sum + unread, 0))
      expect(count).toBeGreaterThanOrEqual(
        here.reduce((sum, { unread, mentions }) => sum + Math.min(unread, mentions), 0),
      )
      expect(count).toBe(views.reduce((sum, view) => sum + badge([view]).count, 0))
      expect(isMarked).toBe(count > 0)
    }),
  )
})

test('muting takes away all but the mentions, and the end of it is when they are counted again', () => {
  fc.assert(
    fc.property(conversation, (view) => {
      const muted = { ...view, standing: 'member' as const, mutedUntil: NOW + 1 }
      expect(badge([muted]).count).toBe(Math.min(view.mentions, view.unread))
    }),
  )
  const id = newId<ConversationId>()
  expect(nextUnmuted(readPreferences([[mutedKey(id), NOW + 5]]), NOW)).toBe(NOW + 5)
  expect(nextUnmuted(readPreferences([[mutedKey(id), NOW]]), NOW)).toBeUndefined()
})
