import { EMPTY_TIP, type Event, type EventId, newId, seal } from '@parley/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openArchive } from '../archive/archive.ts'
import { memoryStore } from '../store/memory-store.ts'
import { watchSaving } from '../store/saving.ts'
import type { Range } from '../store/store.ts'
import { testClock } from '../testing/clock.ts'
import { ana, ben, conversation, logOf, says } from '../testing/logs.ts'
import { openTimeline } from './timeline.ts'
import type { TimelineView } from './timeline-types.ts'

/** The most that a run may hold: it is cut back when it has grown by half as much again as it should. */
const LONGEST = 1500

/** A sound log whose events come in bursts: `bursts` of them, each with the same time. */
function logInBursts(length: number, burst: number): Event[] {
  const log: Event[] = []
  while (log.length < length) {
    const drafts = Array.from({ length: Math.min(burst, length - log.length) }, (_, n) =>
      says(n % 3 === 0 ? ana : ben, `message ${log.length + n + 1}`),
    )
    log.push(...seal(log.at(-1) ?? EMPTY_TIP, drafts, 1000 + log.length * 10))
  }
  return log
}

const log = logInBursts(4000, 7)
const eventAt = (seq: number): Event => log[seq - 1] as Event

interface Setting {
  readonly held: readonly Range[]
  readonly readSeq?: number
  readonly isOnline?: boolean
}

/** A timeline of a device that has these stretches of the log, over a server that has all of it. */
async function open({ held, readSeq = 0, isOnline = true }: Setting) {
  const archive = await openArchive(memoryStore(), watchSaving(testClock()))
  const asked: Range[] = []
  const network = { isOnline }
  const read: Range[] = []
  for (const { from, to } of held) await archive.addPage(conversation, log.slice(from - 1, to))
  const timeline = openTimeline({
    conversation,
    me: ana,
    archive: {
      ...archive,
      read: async (id, query) => {
        const found = await archive.read(id, query)
        read.push({ from: found[0]?.seq ?? 1, to: found.at(-1)?.seq ?? 0 })
        return found
      },
    },
    fetch: async (span) => {
      if (!network.isOnline) return false
      asked.push(span)
      await archive.addPage(conversation, log.slice(span.from - 1, span.to))
      return true
    },
    serverSeq: () => log.length,
    readSeq: () => readSeq,
    commands: () => [],
    others: { subscribe: () => () => undefined },
    open: () => () => undefined,
  })
  timeline.subscribe(() => undefined)
  await timeline.latest()
  return { timeline, asked, read, network, archive }
}
const seqs = ({ items }: TimelineView) =>
  items.flatMap(({ place }) => (place.state === 'said' ? [place.seq] : []))
const isUnbroken = (view: TimelineView) =>
  seqs(view).every((seq, index, all) => index === 0 || seq === (all[index - 1] ?? 0) + 1)
const firstAt = (at: number) => log.find((event) => event.at >= at)?.seq

test('a date leads to its first event, whose neighbours are there, and from there one goes on in both directions', async () => {
  const { timeline, asked } = await open({ held: [{ from: 1, to: log.length }] })
  const at = eventAt(1500).at
  expect(await timeline.showDate(at)).toBe(firstAt(at))
  expect(timeline.get().target).toEqual({ id: eventAt(firstAt(at) ?? 0).id, seq: firstAt(at) })
  expect(timeline.get()).toMatchObject({ hasNewer: true, hasOlder: true, jumpUnavailable: false })
  const [first, last] = [seqs(timeline.get())[0] ?? 0, seqs(timeline.get()).at(-1) ?? 0]
  await timeline.older()
  await timeline.newer()
  expect(seqs(timeline.get())[0]).toBe(first - 100)
  expect(seqs(timeline.get()).at(-1)).toBe(last + 100)
  expect(asked).toEqual([])
  await timeline.latest()
  expect(timeline.get()).toMatchObject({ hasNewer: false, target: undefined })
  expect(seqs(timeline.get()).at(-1)).toBe(log.length)
  expect(await timeline.showDate(0)).toBe(1)
  expect(await timeline.showDate(eventAt(log.length).at + 1)).toBeUndefined()
  expect(timeline.get()).toMatchObject({ hasNewer: false, jumpUnavailable: false })
})

test('[L9] a date in what the device lacks is asked for in few questions, and found in few readings where it has it', async () => {
  const { timeline, asked } = await open({ held: [{ from: 3901, to: log.length }] })
  const at = eventAt(1234).at
  expect(await timeline.showDate(at)).toBe(firstAt(at))
  expect(asked.length).toBeLessThanOrEqual(Math.ceil(Math.log2(log.length)) + 1)
  expect(asked.reduce((sum, { from, to }) => sum + to - from + 1, 0)).toBeLessThan(150)
  const whole = await open({ held: [{ from: 1, to: log.length }] })
  whole.read.length = 0
  await whole.timeline.showDate(at)
  expect(whole.read.length).toBeLessThanOrEqual(Math.ceil(Math.log2(log.length)) + 3)
})

test('without a network a jump to what is not here says so, and the view stays; what is here is shown as far as it goes', async () => {
  const held = [
    { from: 100, to: 120 },
    { from: 3901, to: log.length },
  ]
  const { timeline, network } = await open({ held, isOnline: false })
  const before = seqs(timeline.get())
  expect(await timeline.show(2000)).toBeUndefined()
  expect(await timeline.showDate(eventAt(2000).at)).toBeUndefined()
  expect(await timeline.showEvent(newId<EventId>())).toBeUndefined()
  expect(seqs(timeline.get())).toEqual(before)
  expect(timeline.get()).toMatchObject({ jumpUnavailable: true, olderUnavailable: false, hasNewer: false })
  expect(await timeline.show(110)).toBe(110)
  expect(seqs(timeline.get())).toEqual(Array.from({ length: 21 }, (_, n) => 100 + n))
  expect(timeline.get().jumpUnavailable).toBe(false)
  await timeline.older()
  await timeline.newer()
  expect(timeline.get()).toMatchObject({ olderUnavailable: true, hasNewer: true })
  network.isOnline = true
  expect(await timeline.show(2000)).toBe(2000)
})

test('the first unread is the first message of others that was not read; without one the newest are shown', async () => {
  const { timeline } = await open({ held: [{ from: 1, to: log.length }], readSeq: 1000 })
  const first = log.find(({ seq, author }) => seq > 1000 && author !== ana)
  expect(await timeline.showFirstUnread()).toBe(first?.seq)
  expect(timeline.get().target?.id).toBe(first?.id)
  const all = await open({ held: [{ from: 1, to: log.length }], readSeq: log.length })
  expect(await all.timeline.showFirstUnread()).toBeUndefined()
  expect(all.timeline.get()).toMatchObject({ jumpUnavailable: false, hasNewer: false })
  const far = await open({ held: [{ from: 3901, to: log.length }], readSeq: 10, isOnline: false })
  expect(await far.timeline.showFirstUnread()).toBeUndefined()
  expect(far.timeline.get().jumpUnavailable).toBe(true)
})

test('the original of a reply is found where the device has it, and otherwise about when it was written', async () => {
  const { timeline } = await open({ held: [{ from: 1, to: log.length }] })
  expect(await timeline.showEvent(eventAt(321).id)).toBe(321)
  const archive = await openArchive(memoryStore(), watchSaving(testClock()))
  const real = [...logOf(300)]
  // A log of now, as ids are: what was written a moment ago is looked for at the end. It arrives once all of it is written.
  const written = Array.from({ length: 300 }, (_, n) => says(ben, `${n}`))
  const late = seal(real.at(-1) ?? EMPTY_TIP, written, Date.now() + 1000)
  const whole = [...real, ...late]
  await archive.addPage(conversation, whole.slice(-50))
  const far = openTimeline({
    conversation,
    me: ana,
    archive,
    fetch: async ({ from, to }) => {
      await archive.addPage(conversation, whole.slice(from - 1, to))
      return true
    },
    serverSeq: () => whole.length,
    readSeq: () => 0,
    commands: () => [],
    others: { subscribe: () => () => undefined },
    open: () => () => undefined,
  })
  expect(await far.showEvent((whole[349] as Event).id)).toBe(350)
})

test('[L2][L9] whatever one does, what is shown is an unbroken run of the log, holds what one jumped to, and is bounded', async () => {
  const did = { jumps: 0, refused: 0 }
  const seq = fc.integer({ min: 1, max: log.length })
  const step = fc.oneof(
    fc.record({ do: fc.constantFrom('older', 'newer', 'latest', 'unread', 'switch'), seq }),
    fc.record({ do: fc.constantFrom('older', 'newer'), seq }),
    fc.record({ do: fc.constantFrom('show', 'date', 'event'), seq }),
  )
  const spans = fc.array(fc.tuple(seq, fc.integer({ min: 0, max: 1500 })), { maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(
      spans,
      fc.boolean(),
      seq,
      fc.array(step, { minLength: 10, maxLength: 25 }),
      async (starts, isOnline, readSeq, steps) => {
        const held = [
          ...starts.map(([from, length]) => ({ from, to: Math.min(log.length, from + length) })),
          { from: log.length - 30, to: log.length },
        ]
        const { timeline, network } = await open({ held, isOnline, readSeq })
        for (const each of steps) {
          const before = seqs(timeline.get())
          let jump: Promise<number | undefined> | undefined
          let wanted: number | undefined
          switch (each.do) {
            case 'older':
            case 'newer':
            case 'latest':
              await timeline[each.do]()
              break
            case 'switch':
              network.isOnline = !network.isOnline
              break
            case 'unread':
              jump = timeline.showFirstUnread()
              wanted = log.find((event) => event.seq > readSeq && event.author !== ana)?.seq
              break
            case 'show':
              jump = timeline.show(each.seq)
              wanted = each.seq
              break
            case 'date':
              jump = timeline.showDate(eventAt(each.seq).at)
              wanted = firstAt(eventAt(each.seq).at)
              break
            default:
              jump = timeline.showEvent(eventAt(each.seq).id)
              wanted = each.seq
          }
          const reached = await jump
          const view = timeline.get()
          expect(isUnbroken(view)).toBe(true)
          expect(view.items.length).toBeLessThanOrEqual(LONGEST)
          expect(view.hasNewer).toBe(seqs(view).at(-1) !== log.length)
          expect(view.hasOlder).toBe(seqs(view)[0] !== 1)
          if (jump === undefined) continue
          if (reached !== undefined) {
            did.jumps += 1
            expect(reached).toBe(wanted)
            expect(seqs(view)).toContain(reached)
            expect(view.target?.seq).toBe(reached)
          } else if (view.jumpUnavailable) {
            did.refused += 1
            expect(seqs(view)).toEqual(before)
            if (each.do !== 'event') expect(network.isOnline).toBe(false)
          } else expect(wanted).toBeUndefined()
        }
      },
    ),
    { numRuns: 60 },
  )
  expect(did.jumps).toBeGreaterThan(50)
  expect(did.refused).toBeGreaterThan(10)
}, 60_000)
