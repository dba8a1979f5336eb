import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeLog } from '../../../test/kit/logs.ts'
import { EMPTY_TIP } from './chain.ts'
import { EMPTY_CONVERSATION, foldConversation } from './conversation.ts'
import type { Event, Kind } from './events.ts'

const anyLog = fc
  .record({
    seed: fc.nat(),
    length: fc.integer({ min: 0, max: 120 }),
    kind: fc.constantFrom<Kind>('group', 'channel', 'direct'),
  })
  .map(({ seed, length, kind }) => makeLog(seed, length, kind))

describe('what a log has made of its conversation', () => {
  test('is the same however the log is cut into folds', () => {
    fc.assert(
      fc.property(anyLog, fc.array(fc.nat(120), { maxLength: 5 }), (log, cuts) => {
        let conversation = EMPTY_CONVERSATION
        let from = 0
        for (const to of [...cuts.toSorted((a, b) => a - b), log.length]) {
          conversation = foldConversation(log.slice(from, to), conversation)
          from = Math.min(to, log.length)
        }
        expect(conversation).toEqual(foldConversation(log))
      }),
    )
  })

  test('ends where the log ends', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        const { seq, hash, at } = log.at(-1) ?? EMPTY_TIP
        expect(foldConversation(log).tip).toEqual({ seq, hash, at })
      }),
    )
  })

  test('is what was last said of each thing', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        const conversation = foldConversation(log)
        const lastSaid = Object.assign({}, ...log.filter(({ type }) => type === 'meta')) as Record<
          string,
          unknown
        >
        for (const key of ['kind', 'title', 'topic', 'avatar', 'archived', 'posting', 'inviting'] as const)
          expect(conversation[key]).toEqual(lastSaid[key] ?? EMPTY_CONVERSATION[key])
        for (const [user, { role, since }] of conversation.members) {
          const history = log.filter((event) => event.type === 'member' && event.user === user)
          expect(history.at(-1)).toMatchObject({ role })
          const lastGone = history.findLastIndex((event) => 'role' in event && event.role === null)
          expect(since).toBe((history[lastGone + 1] as Event).seq)
        }
      }),
    )
  })

  test('does not touch the state it starts from', () => {
    const log = makeLog(3, 80)
    const half = foldConversation(log.slice(0, 40))
    const copy = structuredClone(half)
    foldConversation(log.slice(40), half)
    expect(half).toEqual(copy)
    expect(EMPTY_CONVERSATION.members.size).toBe(0)
  })

  test('says nothing of who is a member since when a role changes, and begins anew when one comes back', () => {
    const [meta, created] = makeLog(3, 2) as [Event, Event]
    const about = (seq: number, role: 'admin' | 'member' | null): Event =>
      ({ ...created, seq, role }) as Event
    const since = (...roles: ('admin' | 'member' | null)[]): number | undefined =>
      [...foldConversation([meta, ...roles.map((role, i) => about(i + 2, role))]).members.values()][0]?.since
    expect(since('member', 'admin', 'member')).toBe(2)
    expect(since('member', null, 'member')).toBe(4)
    expect(since('member', null)).toBeUndefined()
  })
})
