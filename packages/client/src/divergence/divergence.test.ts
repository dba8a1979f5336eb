import { EMPTY_TIP, type Event, type EventId, newId, seal } from '@parley/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isRewritten, newestAgreed, saysTheSame, toSendAgain } from './divergence.ts'
import { addRange, covers } from '../archive/ranges.ts'
import type { Range } from '../store/store.ts'
import { ana, ben, conversation, logOf, reacts, says } from '../testing/logs.ts'

const stretch = fc.tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 60 }))

test('[L7] the newest event that both sides have alike is found, whatever is held, with few questions', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(stretch), fc.nat(300), fc.nat(300), async (stretches, common, end) => {
      const ranges = stretches
        .map(([from, length]): Range => ({ from, to: from + length }))
        .reduce<readonly Range[]>(addRange, [])
      const asked: number[] = []
      const found = await newestAgreed(ranges, end, async (seq) => {
        asked.push(seq)
        return seq <= common
      })
      const held = Array.from({ length: 300 }, (_, index) => index + 1).filter((seq) =>
        covers(ranges, { from: seq, to: seq }),
      )
      expect(found).toBe(held.findLast((seq) => seq <= Math.min(common, end)) ?? 0)
      expect(asked.every((seq) => seq <= end && held.includes(seq))).toBe(true)
      expect(asked.length).toBeLessThanOrEqual(11)
    }),
  )
})

test('a server that does not answer has not said no', async () => {
  expect(await newestAgreed([{ from: 1, to: 9 }], 9, async () => undefined)).toBeUndefined()
})

test('[L7] words that are said again after a restore are the same words; what an operator writes is not', () => {
  const [first, second] = logOf(2)
  if (first?.type !== 'message' || second?.type !== 'message') throw new Error('two messages expected')
  const mine: Event = { ...second, replyTo: first.id }
  const [again] = seal(EMPTY_TIP, [{ ...second }], 9000)
  const [edited] = seal(EMPTY_TIP, [{ ...mine, text: 'never said' }], 9000)
  const [moved] = seal(EMPTY_TIP, [mine], mine.at)
  if (again === undefined || edited === undefined || moved === undefined) throw new Error('sealed')
  expect(saysTheSame(mine, again)).toBe(true)
  expect(isRewritten(mine, again)).toBe(false)
  expect(isRewritten(mine, mine)).toBe(false)
  expect(isRewritten(mine, edited)).toBe(true)
  // The same moment under another hash: something before it was taken out, or put in.
  expect(isRewritten(mine, { ...moved, seq: 2 })).toBe(true)
  expect(isRewritten(mine, { ...again, author: first.author })).toBe(true)
  expect(isRewritten(mine, { ...again, mentions: [ana] } as Event)).toBe(true)
})

test('[C1][C2][S3] sent again is what is mine, once, in the order of the log, under the ids it had', () => {
  const draft = fc.record({
    by: fc.constantFrom(ana, ben),
    refersTo: fc.option(fc.nat(20), { nil: undefined }),
    isReaction: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(draft, { minLength: 1, maxLength: 20 }), fc.nat(20), (drafts, said) => {
      const ids: EventId[] = []
      const log = seal(
        EMPTY_TIP,
        drafts.map(({ by, refersTo, isReaction }, index) => {
          const to = refersTo === undefined ? undefined : ids[refersTo % Math.max(1, index)]
          const event =
            isReaction && to !== undefined
              ? reacts(by, to, '👍')
              : says(by, `words ${index}`, to === undefined ? {} : { replyTo: to })
          ids.push(event.id)
          return event
        }),
        1000,
      )
      // The server still has the first `said`, or has them again.
      const there = new Set(ids.slice(0, said))
      const commands = toSendAgain(log.slice(said), { me: ana, conversation, isThere: (id) => there.has(id) })
      const order = commands.map(({ id }) => ids.indexOf(id))
      expect(order).toEqual([...new Set(order)].sort((a, b) => a - b))
      const comes = new Set(there)
      for (const command of commands) {
        const event = log.find(({ id }) => id === command.id)
        expect(event?.author).toBe(ana)
        if (command.type === 'reaction.set') expect(comes.has(command.to)).toBe(true)
        if (command.type === 'message.send' && event?.type === 'message') {
          expect(command).toMatchObject({ text: event.text, createdAt: event.writtenAt })
          // It refers to what it referred to, unless that is not there.
          expect(command.replyTo).toBe(
            event.replyTo !== undefined && comes.has(event.replyTo) ? event.replyTo : undefined,
          )
        }
        comes.add(command.id)
      }
      const mine = log.slice(said).filter(({ author, type }) => author === ana && type === 'message')
      expect(mine.every(({ id }) => comes.has(id))).toBe(true)
      // Whatever has come of it already is not offered once more.
      expect(toSendAgain(log, { me: ana, conversation, isThere: () => true })).toEqual([])
    }),
  )
})

test('what I changed of a group and its members is given again; who came and went by themselves is not', () => {
  const member = (
    cause: 'added' | 'removed' | 'joined' | 'left' | 'role' | 'created',
    role: 'member' | null,
  ) => ({ id: newId<EventId>(), type: 'member', author: ana, user: ben, role, cause }) as const
  const log = seal(
    EMPTY_TIP,
    [
      { id: newId(), type: 'meta', author: ana, kind: 'group', title: 'Trip' },
      { id: newId(), type: 'meta', author: ana, title: 'Long trip' },
      member('added', 'member'),
      member('role', 'member'),
      member('removed', null),
      member('joined', 'member'),
      member('left', null),
      member('created', 'member'),
    ],
    1000,
  )
  const commands = toSendAgain(log, { me: ana, conversation, isThere: () => false })
  expect(commands.map(({ type }) => type)).toEqual([
    'conversation.update',
    'member.add',
    'member.role',
    'member.remove',
  ])
  expect(commands[0]).toEqual({
    type: 'conversation.update',
    id: log[1]?.id,
    createdAt: 1000,
    conversation,
    title: 'Long trip',
  })
})
