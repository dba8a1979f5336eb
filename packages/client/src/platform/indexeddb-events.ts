import { event, WINDOW_STEP } from '@parley/protocol'
import type { ConversationId, Event, EventId, Seq } from '@parley/protocol'
import type { IDBPDatabase, IDBPTransaction, StoreNames } from 'idb'
import { z } from 'zod'
import { addRange, covers, heldCount, removeRange, runsOf, spanOf } from '../archive/ranges.ts'
import { type EventQuery, type Holding, ranges, type Range, type Store } from '../store/store.ts'
import { bytesOf } from '../archive/weight.ts'
import { guarded } from './indexeddb-fault.ts'
import type { EventPage, PersonDatabase } from './indexeddb-schema.ts'

/*
 * The log on the disk. What IndexedDB costs, it costs by record and by entry of an index; so events lie in pages of
 * 128, cut where the server cuts its own and never changed. An event is loose, a record of its own, until all
 * of its page are here. Both are read alike, and version 1 of the database, in which all were loose, as it lies.
 */

type Database = IDBPDatabase<PersonDatabase>
type Transaction<Mode extends IDBTransactionMode> = IDBPTransaction<
  PersonDatabase,
  StoreNames<PersonDatabase>[],
  Mode
>
export const LOG_STORES: StoreNames<PersonDatabase>[] = ['events', 'pages', 'ranges', 'sizes']

type EventMethods =
  | 'putEvents'
  | 'events'
  | 'readable'
  | 'dropEvents'
  | 'eventById'
  | 'reactionsTo'
  | 'holdings'

export const indexedDbEvents = (db: Database): Pick<Store, EventMethods> => ({
  putEvents: (id, events) => guarded(() => putEvents(db, id, events)),
  events: (id, query) => guarded(() => readEvents(db, id, query)),
  readable: (id, span) =>
    guarded(async () => {
      const found = await readSpan(db.transaction(LOG_STORES), id, span)
      return found.flatMap((each) => {
        const { success, data } = event.safeParse(each)
        return success && data.seq >= span.from && data.seq <= span.to ? [data] : []
      })
    }),
  dropEvents: (id, span) => guarded(() => dropEvents(db, id, span)),
  eventById: (_, id) =>
    guarded(async () => {
      const transaction = db.transaction(LOG_STORES)
      const [loose, packed] = await Promise.all([
        transaction.objectStore('events').index('id').get(id),
        transaction.objectStore('pages').index('ids').getAll(markOf(id)),
      ])
      const found = loose ?? packed.flatMap(contentOf).find((each) => each.id === id)
      return found && event.parse(found)
    }),
  reactionsTo: (id, messages) => guarded(() => readReactions(db, id, messages)),
  holdings: () => guarded(() => readHoldings(db)),
})

/** Only what is looked for is parsed: a damaged event does not hide its neighbours. */
const page = z.object({ from: z.int(), events: z.array(z.unknown()) })
const contentOf = (stored: unknown): readonly Event[] => page.parse(stored).events as readonly Event[]

const pageOf = (seq: Seq): number => Math.floor((seq - 1) / WINDOW_STEP)
const spanOfPage = (number: number): Range => ({
  from: number * WINDOW_STEP + 1,
  to: (number + 1) * WINDOW_STEP,
})
const keysOf = (id: ConversationId, { from, to }: Range): IDBKeyRange =>
  IDBKeyRange.bound([id, from], [id, to])
const pagesOf = (id: ConversationId, { from, to }: Range): IDBKeyRange =>
  keysOf(id, { from: pageOf(from), to: pageOf(to) })

/** The last 48 bits of an id, which are random: an index of numbers takes a third of one of texts. */
const markOf = (id: EventId): number => Number.parseInt(id.slice(-12), 16)

const packed = (events: readonly Event[]): EventPage => ({
  from: events[0]?.seq ?? 1,
  events,
  ids: events.map(({ id }) => markOf(id)),
  to: [...new Set(events.flatMap((each) => (each.type === 'reaction' ? [markOf(each.to)] : [])))],
})

async function putEvents(db: Database, id: ConversationId, events: readonly Event[]): Promise<void> {
  // The server has them all: what a power cut takes is fetched again, with its place in the ranges.
  const transaction = db.transaction(LOG_STORES, 'readwrite', { durability: 'relaxed' })
  const [held, sizes] = [transaction.objectStore('ranges'), transaction.objectStore('sizes')]
  // Read inside the transaction: another tab may have widened them since.
  const [stored, size] = await Promise.all([held.get(id), sizes.get(id)])
  const before = ranges.catch([]).parse(stored)
  const fresh = events.filter(({ seq }) => !covers(before, { from: seq, to: seq }))
  if (fresh.length === 0) return await transaction.done
  const after = runsOf(fresh).map(spanOf).reduce(addRange, before)
  await Promise.all([
    ...[...Map.groupBy(fresh, ({ seq }) => pageOf(seq))].map(([number, own]) =>
      putPart(transaction, id, spanOfPage(number), own, after),
    ),
    held.put([...after], id),
    sizes.put((size ?? 0) + bytesOf(fresh), id),
    transaction.done,
  ])
}

/** Puts new events of one page: loose, or with those that lie there already as the page that is now whole. */
async function putPart(
  transaction: Transaction<'readwrite'>,
  id: ConversationId,
  span: Range,
  own: readonly Event[],
  held: readonly Range[],
): Promise<void> {
  const [loose, pages] = [transaction.objectStore('events'), transaction.objectStore('pages')]
  if (covers(held, span)) {
    const others = own.length === WINDOW_STEP ? [] : await loose.getAll(keysOf(id, span))
    const all = new Map([...own, ...others].map((each) => [each.seq, each]))
    const whole = [...all.values()].sort((a, b) => a.seq - b.seq)
    // Damaged ones stay where they are: whoever looks after the disk finds them there.
    if (whole.length === WINDOW_STEP && z.array(event).safeParse(others).success) {
      await Promise.all([
        pages.put(packed(whole), [id, pageOf(span.from)]),
        others.length > 0 && loose.delete(keysOf(id, span)),
      ])
      return
    }
  }
  await Promise.all(own.map((each) => loose.put(each, [id, each.seq])))
}

/** Whatever lies in a stretch, ascending, not parsed. */
async function readSpan(
  transaction: Transaction<IDBTransactionMode>,
  id: ConversationId,
  { from, to }: Range,
): Promise<readonly Event[]> {
  const [pages, loose] = await Promise.all([
    transaction.objectStore('pages').getAll(pagesOf(id, { from, to })),
    transaction.objectStore('events').getAll(keysOf(id, { from, to })),
  ])
  const inPages = pages.flatMap((stored) => {
    const { from: first } = page.parse(stored)
    return contentOf(stored).slice(Math.max(0, from - first), Math.max(0, to - first + 1))
  })
  if (loose.length === 0) return inPages
  const all = new Map([...inPages, ...loose].map((each) => [each.seq, each]))
  return [...all.values()].sort((a, b) => a.seq - b.seq)
}

async function readEvents(db: Database, id: ConversationId, query: EventQuery): Promise<readonly Event[]> {
  const { after = 0, before = Infinity } = query
  const transaction = db.transaction(LOG_STORES)
  const held = ranges.catch([]).parse(await transaction.objectStore('ranges').get(id))
  const span = { from: after + 1, to: before - 1 }
  const found = await Promise.all(cut(held, span, query).map((each) => readSpan(transaction, id, each)))
  return z.array(event).parse(found.flat())
}

/** The stretches in which the events lie that a query asks for: its answer is read, and nothing else. */
function cut(held: readonly Range[], span: Range, { limit, from }: EventQuery): readonly Range[] {
  const within = held
    .map((range) => ({ from: Math.max(range.from, span.from), to: Math.min(range.to, span.to) }))
    .filter((range) => range.from <= range.to)
  const chosen: Range[] = []
  let left = limit
  for (const range of from === 'oldest' ? within : within.toReversed()) {
    if (left <= 0) break
    const next =
      from === 'oldest'
        ? { from: range.from, to: Math.min(range.to, range.from + left - 1) }
        : { from: Math.max(range.from, range.to - left + 1), to: range.to }
    chosen.push(next)
    left -= next.to - next.from + 1
  }
  return from === 'oldest' ? chosen : chosen.reverse()
}

async function readReactions(
  db: Database,
  id: ConversationId,
  messages: readonly EventId[],
): Promise<readonly Event[]> {
  const wanted: ReadonlySet<string> = new Set(messages)
  const transaction = db.transaction(LOG_STORES)
  const pages = transaction.objectStore('pages')
  const [alone, keys] = await Promise.all([
    readLooseReactions(transaction, id, messages),
    Promise.all(messages.map((message) => pages.index('to').getAllKeys(markOf(message)))),
  ])
  const numbers = new Set(keys.flat().flatMap(([of, number]) => (of === id ? [number] : [])))
  const together = await Promise.all([...numbers].map((number) => pages.get([id, number])))
  const inPages = together.flatMap(contentOf)
  // A damaged one may be anything.
  const isWanted = (each: Event | null): boolean => each?.type === 'reaction' && wanted.has(each.to)
  const found = z.array(event).parse([...inPages, ...alone].filter(isWanted))
  return [...new Map(found.map((each) => [each.seq, each])).values()].sort((a, b) => a.seq - b.seq)
}

/** More of a log is loose only around several holes, or where version 1 of the database has left it. */
const FEW_LOOSE = 2 * WINDOW_STEP

/** Among what is loose of a log: each request costs more than an event that it answers with, so few are read at once. */
async function readLooseReactions(
  transaction: Transaction<'readonly'>,
  id: ConversationId,
  messages: readonly EventId[],
): Promise<readonly Event[]> {
  const loose = transaction.objectStore('events')
  const all = keysOf(id, { from: 0, to: Infinity })
  const few = await loose.getAll(all, FEW_LOOSE + 1)
  if (few.length <= FEW_LOOSE) return few
  return (await Promise.all(messages.map((message) => loose.index('to').getAll(message)))).flat()
}

async function dropEvents(db: Database, id: ConversationId, span: Range): Promise<void> {
  const transaction = db.transaction(LOG_STORES, 'readwrite')
  const [loose, pages, held, sizes] = [
    transaction.objectStore('events'),
    transaction.objectStore('pages'),
    transaction.objectStore('ranges'),
    transaction.objectStore('sizes'),
  ]
  const before = ranges.catch([]).parse(await held.get(id))
  const after = removeRange(before, span)
  if (after.length === 0) return await forgetLog(transaction, id)
  // Only the pages at both ends have something to stay, which is loose from then on.
  const ends = await Promise.all(
    [...new Set([pageOf(span.from), pageOf(span.to)])].map((number) => pages.get([id, number])),
  )
  const staying = ends.flatMap((end) => {
    const { success, data } = page.safeParse(end)
    return success ? data.events.map((each, index) => ({ seq: data.from + index, each })) : []
  })
  const size = (await sizes.get(id)) ?? 0
  await Promise.all([
    pages.delete(pagesOf(id, span)),
    loose.delete(keysOf(id, span)),
    ...staying
      .filter(({ seq }) => covers(after, { from: seq, to: seq }))
      .map(({ seq, each }) => loose.put(each as Event, [id, seq])),
    held.put([...after], id),
    // Its share: reading what goes to count it would take longer than all the rest.
    sizes.put(Math.round((size * heldCount(after)) / heldCount(before)), id),
    transaction.done,
  ])
}

/** How much of the end of a log is given up, and fetched again, when its last event cannot be read. */
const DAMAGED_END = WINDOW_STEP

async function readHoldings(db: Database): Promise<ReadonlyMap<ConversationId, Holding>> {
  const transaction = db.transaction(LOG_STORES)
  const [held, sizes] = [transaction.objectStore('ranges'), transaction.objectStore('sizes')]
  // All of a kind at once: each request costs, with hundreds of conversations, more than its answer.
  const [ids, stored, sized, bytes] = await Promise.all([
    held.getAllKeys(),
    held.getAll(),
    sizes.getAllKeys(),
    sizes.getAll(),
  ])
  const bytesOfAll = new Map(sized.map((id, index) => [id, bytes[index]]))
  const spans = stored.map((each: unknown) => ranges.catch([]).parse(each))
  const tips = await Promise.all(
    ids.map((id, index) => readTip(transaction, id, spans[index]?.at(-1)?.to ?? 0)),
  )
  const holdings = new Map<ConversationId, Holding>()
  let isSound = true
  for (const [index, id] of ids.entries()) {
    const [own, tip] = [spans[index] ?? [], event.safeParse(tips[index])]
    const last = own.at(-1)
    if (tip.success) holdings.set(id, { ranges: own, tip: tip.data, bytes: bytesOfAll.get(id) ?? 0 })
    else if (last === undefined) await forgetLog(db.transaction(LOG_STORES, 'readwrite'), id)
    else {
      isSound = false
      await dropEvents(db, id, { from: Math.max(last.from, last.to - DAMAGED_END + 1), to: last.to })
    }
  }
  // Each time round less is held: it ends.
  return isSound ? holdings : await readHoldings(db)
}

async function readTip(
  transaction: Transaction<IDBTransactionMode>,
  id: ConversationId,
  seq: Seq,
): Promise<unknown> {
  const loose: unknown = await transaction.objectStore('events').get([id, seq])
  if (loose !== undefined) return loose
  const stored = page.safeParse(await transaction.objectStore('pages').get([id, pageOf(seq)]))
  return stored.success ? stored.data.events[seq - stored.data.from] : undefined
}

/** Forgets all of a log in a transaction that may have more to forget. */
export async function forgetLog(transaction: Transaction<'readwrite'>, id: ConversationId): Promise<void> {
  const all = { from: 0, to: Infinity }
  await Promise.all([
    transaction.objectStore('events').delete(keysOf(id, all)),
    transaction.objectStore('pages').delete(keysOf(id, all)),
    transaction.objectStore('ranges').delete(id),
    transaction.objectStore('sizes').delete(id),
    transaction.done,
  ])
}

/** Version 1 did not count bytes: the newest events of each log stand for the others. */
export async function countBytes(transaction: Transaction<'versionchange'>): Promise<void> {
  const held = transaction.objectStore('ranges')
  for (const id of await held.getAllKeys()) {
    const spans = ranges.catch([]).parse(await held.get(id))
    const to = spans.at(-1)?.to ?? 0
    const sample = await transaction.objectStore('events').getAll(keysOf(id, { from: to - WINDOW_STEP, to }))
    const each = sample.length === 0 ? 0 : bytesOf(sample) / sample.length
    await transaction.objectStore('sizes').put(Math.round(each * heldCount(spans)), id)
  }
}
