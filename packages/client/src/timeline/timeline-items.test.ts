import {
  type AttachmentId,
  type CommandId,
  EMPTY_TIP,
  type Event,
  type EventId,
  type MessageSend,
  newId,
  type ReactionEvent,
  seal,
} from '@parley/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Fate, FatedCommand } from '../outbox/fate.ts'
import { ana, ben, conversation, reacts, says } from '../testing/logs.ts'
import { type TimelineFacts, timelineItems } from './timeline-items.ts'

const message = (id: CommandId, text: string): MessageSend => ({
  id,
  type: 'message.send',
  createdAt: 1,
  conversation,
  text,
})
const waiting = (id: CommandId, fate: Fate = { state: 'saved' }): FatedCommand => ({
  id,
  command: message(id, id),
  fate,
})
const facts = (more: Partial<TimelineFacts>): TimelineFacts => ({
  me: ana,
  run: [],
  reactions: [],
  targets: new Map(),
  isAtEnd: true,
  commands: [],
  ...more,
})
const placed = (events: readonly Event[]) =>
  events.filter(({ type }) => type !== 'reaction').map(({ id }) => id)

/** Commands of one person and a log that has taken some of them up, among what others said. */
const history = fc
  .record({
    ids: fc.array(fc.constant(0), { maxLength: 8 }).map((list) => list.map(() => newId<CommandId>())),
    taken: fc.nat(8),
    others: fc.array(fc.nat(8), { maxLength: 8 }),
  })
  .map(({ ids, taken, others }) => {
    const drafts = ids.slice(0, taken).map((id) => says(ana, id, { id }))
    for (const at of others) drafts.splice(Math.min(at, drafts.length), 0, says(ben, 'other'))
    return { ids, log: seal(EMPTY_TIP, drafts, 1) }
  })

describe('a timeline', () => {
  test('[L2][C1] it is a prefix of the log and then, in order, what has not been said: nothing twice, nothing missing', () => {
    fc.assert(
      fc.property(history, fc.nat(20), ({ ids, log }, cut) => {
        const run = log.slice(0, cut)
        const items = timelineItems(facts({ run, commands: ids.map((id) => waiting(id)) }))
        const said = new Set<string>(run.map(({ id }) => id))
        expect(items.map(({ id }) => id)).toEqual([...placed(run), ...ids.filter((id) => !said.has(id))])
      }),
    )
  })

  test('[C1] whichever comes first, the event or the word that the command was taken, the list ends the same', () => {
    fc.assert(
      fc.property(history, ({ ids, log }) => {
        const said = new Set<string>(log.map(({ id }) => id))
        const open = ids.filter((id) => !said.has(id)).map((id) => waiting(id))
        const all = ids.map((id) => waiting(id))
        const before = timelineItems(facts({ commands: all }))
        const eventFirst = timelineItems(
          facts({ run: log, commands: open }),
          timelineItems(facts({ run: log, commands: all }), before),
        )
        const taken = ids.map((id) => waiting(id, said.has(id) ? { state: 'accepted' } : { state: 'saved' }))
        const wordFirst = timelineItems(
          facts({ run: log, commands: open }),
          timelineItems(facts({ commands: taken }), before),
        )
        expect(eventFirst).toEqual(wordFirst)
      }),
    )
  })

  test('what did not change stays the same object, so that only what changed is drawn', () => {
    fc.assert(
      fc.property(history, ({ ids, log }) => {
        const all = facts({ run: log, commands: ids.map((id) => waiting(id)) })
        const items = timelineItems(all)
        expect(timelineItems({ ...all, run: [...log] }, items)).toBe(items)
        const [next] = seal(log.at(-1) ?? EMPTY_TIP, [says(ben, 'next')], 1)
        if (next === undefined) throw new Error('one event expected')
        const longer = timelineItems({ ...all, run: [...log, next] }, items)
        for (const item of items) expect(longer.some((each) => Object.is(each, item))).toBe(true)
      }),
    )
  })

  test('a run that ends in the middle of the log is not followed by what waits', () => {
    expect(timelineItems(facts({ isAtEnd: false, commands: [waiting(newId())] }))).toEqual([])
  })

  test('a message that waits shows its own files, and of those that another device has how many they are', () => {
    const file = { id: newId<AttachmentId>(), name: 'a', mediaType: 'x/y', size: 1 }
    const [here, there] = [newId<CommandId>(), newId<CommandId>()]
    const withFile = (id: CommandId) => ({ ...message(id, ''), attachments: [file.id] })
    const commands: FatedCommand[] = [
      { id: here, command: withFile(here), fate: { state: 'saved' }, files: [file] },
      { id: there, command: withFile(there), fate: { state: 'saved' } },
    ]
    const items = timelineItems(facts({ commands }))
    expect(items).toMatchObject([{ files: [file] }, { files: [], filesElsewhere: 1 }])
    expect(items[0]).not.toHaveProperty('filesElsewhere')
    expect(timelineItems(facts({ commands }), items)).toBe(items)
  })

  test('reactions stand at their message, whatever part of them lies outside the run, and each person once', () => {
    const [first, second] = seal(EMPTY_TIP, [says(ana, 'one'), says(ben, 'two')], 1)
    if (first === undefined || second === undefined) throw new Error('two events expected')
    const later = seal(
      second,
      [
        reacts(ben, first.id, '👍'),
        reacts(ana, first.id, '👍'),
        reacts(ben, first.id, '👍', false),
        reacts(ben, first.id, '🎉'),
      ],
      1,
    ) as ReactionEvent[]
    for (let cut = 0; cut <= later.length; cut += 1) {
      const [item] = timelineItems(facts({ run: [first, second, ...later.slice(0, cut)], reactions: later }))
      expect(item).toMatchObject({
        reactions: [
          { emoji: '👍', users: [ana] },
          { emoji: '🎉', users: [ben] },
        ],
      })
    }
  })

  test('an own reaction shows at once, and not any more when it was refused', () => {
    const [first] = seal(EMPTY_TIP, [says(ben, 'one')], 1)
    if (first === undefined) throw new Error('one event expected')
    const command = {
      id: newId<CommandId>(),
      type: 'reaction.set',
      createdAt: 1,
      conversation,
      to: first.id,
      emoji: '👍',
      on: true,
    } as const
    const at = (fate: Fate) =>
      timelineItems(facts({ run: [first], commands: [{ id: command.id, command, fate }] }))[0]
    expect(at({ state: 'unsaved' })).toMatchObject({ reactions: [{ emoji: '👍', users: [ana] }] })
    expect(at({ state: 'refused', code: 'archived', message: '', at: 1 })).toMatchObject({ reactions: [] })
  })

  test('a reply knows its original wherever it is, and says so while it is not on the device', () => {
    const [original] = seal(EMPTY_TIP, [says(ben, 'question')], 1)
    if (original === undefined) throw new Error('one event expected')
    const [reply] = seal(original, [says(ana, 'answer', { replyTo: original.id })], 1)
    if (reply === undefined) throw new Error('one event expected')
    const known = { replyTo: { state: 'known', seq: 1, author: ben, text: 'question' } }
    expect(timelineItems(facts({ run: [original, reply] }))[1]).toMatchObject(known)
    const lacking = timelineItems(facts({ run: [reply] }))
    expect(lacking[0]).toMatchObject({ replyTo: { state: 'unknown', id: original.id } })
    const targets = new Map<EventId, Event>([[original.id, original]])
    expect(timelineItems(facts({ run: [reply], targets }), lacking)[0]).toMatchObject(known)
  })
})
