import type { Database, PreparedStatement, SqlValue } from '@sqlite.org/sqlite-wasm'
import { conversationId, type ConversationId, type Event, type Millis, type UserId } from '@parley/protocol'
import { z } from 'zod'
import { addRange, covers, runsOf, spanOf } from '../archive/ranges.ts'
import {
  byNewest,
  IndexError,
  type IndexedRange,
  type IndexMatch,
  type IndexMatches,
  type IndexPart,
  type IndexQuery,
  type Key,
  type SearchIndex,
} from '../search/index-port.ts'
import { MARK, toExpressions, toRow } from '../search/index-words.ts'
import type { Range } from '../store/store.ts'
import { faultOfSqlite, prepareSchema, schemaOf } from './search-sqlite-schema.ts'

/**
 * Places are times, counted backwards: in the order in which the index reads by itself, and can leave out what is
 * between, the newest comes first. So many messages fit into one millisecond; what is more is shifted into the
 * ones before, by as many milliseconds.
 */
const PLACES_A_MILLI = 16
const END_OF_PLACES = 2 ** 48
const placeAt = (at: Millis): number => END_OF_PLACES - at * PLACES_A_MILLI
const momentOf = (place: number): Millis => Math.ceil((END_OF_PLACES - place) / PLACES_A_MILLI)

const row = z
  .tuple([z.int(), z.int(), z.int(), conversationId])
  .transform(([place, shift, seq, conversation]) => ({
    place,
    at: momentOf(place) + shift,
    seq,
    conversation,
  }))
type Found = z.infer<typeof row>

const storedRange = z.tuple([conversationId, z.int(), z.int(), z.string()])

export interface SqliteIndexOptions {
  readonly isKept: boolean
  /** Opens the database; again after it was wiped. */
  readonly open: () => Database
  /** Removes what is kept of a closed database. */
  readonly remove: () => Promise<void>
}

/** An index in SQLite's full-text search. SQLite's own calls take no time of others: it runs in a worker. */
export function sqliteIndex({ isKept, open, remove }: SqliteIndexOptions): SearchIndex {
  let db = guarded(() => prepareSchema(open()))
  const run = async <T>(use: (db: Database) => T): Promise<T> => guarded(() => use(db))
  return {
    isKept,
    holdings: () => run(readHoldings),
    add: (parts) => run((db) => db.transaction(() => addParts(db, parts))),
    newest: (query, below, count) => run((db) => findNewest(db, query, below, count)),
    forget: (conversation) => run((db) => db.transaction(() => forget(db, conversation))),
    wipe: async () => {
      db.close()
      await remove()
      db = guarded(() => prepareSchema(open()))
    },
    close: () => db.close(),
  }
}

function guarded<T>(use: () => T): T {
  try {
    return use()
  } catch (error) {
    if (error instanceof IndexError) throw error
    throw new IndexError(faultOfSqlite(error), 'the search index failed', { cause: error })
  }
}

const readHoldings = (db: Database): ReadonlyMap<ConversationId, readonly IndexedRange[]> => {
  const holdings = new Map<ConversationId, IndexedRange[]>()
  for (const stored of db.selectArrays(
    'SELECT id, first, last, hash FROM ranges JOIN conversations USING (number) ORDER BY number, first',
  )) {
    const [id, from, to, hash] = storedRange.parse(stored)
    const known = holdings.get(id)
    if (known === undefined) holdings.set(id, [{ from, to, hash }])
    else known.push({ from, to, hash })
  }
  return holdings
}

function addParts(db: Database, parts: readonly IndexPart[]): void {
  const messages = parts.flatMap(({ conversation, events }) => {
    const number = numberOf(db, 'conversations', conversation)
    const before = rangesOf(db, number)
    const fresh = events.filter(({ seq }) => !covers(before, { from: seq, to: seq }))
    if (fresh.length > 0) putRanges(db, number, before, fresh)
    return fresh.flatMap((event) => (event.type === 'message' ? [{ number, event }] : []))
  })
  const author = remember((id: UserId) => numberOf(db, 'authors', id))
  const words = new Set<string>()
  using(db, 'SELECT 1 FROM messages WHERE place = ?', (isTaken) =>
    using(db, 'INSERT INTO messages VALUES (?, ?, ?, ?)', (addMessage) =>
      using(db, 'INSERT INTO words (rowid, text) VALUES (?, ?)', (addWords) => {
        // By rising places: for each one that does not rise, the index would begin a new part.
        let last = 0
        for (const { number, event } of messages.toSorted((a, b) => b.event.at - a.event.at)) {
          let place = Math.max(last + 1, placeAt(event.at))
          while (has(isTaken, place)) place += 1
          last = place
          const made = toRow(event, author(event.author), number)
          for (const word of made.words) words.add(word)
          addMessage.bind([place, number, event.seq, event.at - momentOf(place)]).stepReset()
          addWords.bind([place, made.text]).stepReset()
        }
      }),
    ),
  )
  using(db, 'INSERT OR IGNORE INTO beginnings VALUES (?)', (addWord) => {
    for (const word of words) addWord.bind([word]).stepReset()
  })
}

function putRanges(
  db: Database,
  number: number,
  before: readonly IndexedRange[],
  fresh: readonly Event[],
): void {
  const hashes = new Map(before.map(({ to, hash }) => [to, hash]))
  let next: readonly Range[] = before
  for (const run of runsOf(fresh)) {
    next = addRange(next, spanOf(run))
    const last = run.at(-1)
    if (last !== undefined) hashes.set(last.seq, last.hash)
  }
  db.exec({ sql: 'DELETE FROM ranges WHERE number = ?', bind: [number] })
  for (const { from, to } of next)
    db.exec({ sql: 'INSERT INTO ranges VALUES (?, ?, ?, ?)', bind: [number, from, to, hashes.get(to) ?? ''] })
}

function findNewest(db: Database, query: IndexQuery, below: Key | undefined, count: number): IndexMatches {
  const { wants, authors, conversations, hasFile } = query
  const marks: string[][] = []
  if (authors !== undefined) marks.push(numbersOf(db, 'authors', authors).map(MARK.author))
  if (conversations !== undefined)
    marks.push(numbersOf(db, 'conversations', conversations).map(MARK.conversation))
  if (hasFile) marks.push([MARK.file])
  // Who has said nothing that is here, and what is not here, is in nothing.
  if (marks.some(({ length }) => length === 0)) return { matches: [], hasMore: false }

  const { matching, whole, inOrder } = toExpressions(wants, marks, (beginning) =>
    continuations(db, beginning),
  )
  const { found, hasMore } = readNewest(db, matching, query, below, count)
  const holding = (expression: string | undefined): ReadonlySet<number> | undefined =>
    expression === undefined || found.length === 0 ? undefined : placesIn(db, expression, found)
  const [wholes, inOrders] = [holding(whole), holding(inOrder)]
  const isUnsure = wants.inOrder?.isOpen === true
  const matches = found.map(({ place, conversation, seq, at }): IndexMatch => ({
    conversation,
    seq,
    at,
    isWhole: wholes?.has(place) ?? true,
    isInOrder: isUnsure ? undefined : (inOrders?.has(place) ?? false),
  }))
  return { matches, hasMore }
}

/** More words than this are not named one by one. */
const MAX_NAMED = 400
/** Behind every letter. */
const LAST = '\u{10FFFF}'

function continuations(db: Database, beginning: string): readonly string[] | undefined {
  const words = z
    .array(z.string())
    .parse(
      db.selectValues('SELECT word FROM beginnings WHERE word >= ? AND word < ? LIMIT ?', [
        beginning,
        beginning + LAST,
        MAX_NAMED + 1,
      ]),
    )
  return words.length > MAX_NAMED ? undefined : words
}

/** The newest so many. Those that were shifted stand among older ones: it is read on until none of them can be left. */
function readNewest(
  db: Database,
  matching: string,
  { before = Infinity, after = 0 }: Pick<IndexQuery, 'before' | 'after'>,
  below: Key | undefined,
  count: number,
): { readonly found: readonly Found[]; readonly hasMore: boolean } {
  const maxShift =
    z.int().nullable().parse(db.selectValue('SELECT max(shift) FROM messages WHERE shift > 0')) ?? 0
  const newest = Math.min(below?.at ?? Infinity, before - 1)
  const oldest = after - maxShift
  return using(
    db,
    `SELECT place, shift, seq, id FROM words
     JOIN messages ON messages.place = words.rowid JOIN conversations USING (number)
     WHERE words MATCH ? AND words.rowid >= ? AND words.rowid <= ? ORDER BY words.rowid`,
    (statement) => {
      const from = newest === Infinity ? 0 : placeAt(newest)
      statement.bind([matching, from, placeAt(oldest) + PLACES_A_MILLI - 1])
      const found: Found[] = []
      let oldestWanted = -Infinity
      while (statement.step()) {
        const next = row.parse(statement.get([]))
        if (momentOf(next.place) + maxShift < oldestWanted) break
        if (next.at >= before || next.at < after) continue
        if (below !== undefined && byNewest(next, below) <= 0) continue
        found.push(next)
        // As long as nothing is shifted, the first so many are the newest so many.
        if (found.length > count && (found.length - 1) % count === 0)
          oldestWanted = found.toSorted(byNewest)[count]?.at ?? -Infinity
      }
      const sorted = found.toSorted(byNewest)
      return { found: sorted.slice(0, count), hasMore: sorted.length > count }
    },
  )
}

/** Which of those that were found fulfil an expression. */
function placesIn(db: Database, expression: string, found: readonly Found[]): ReadonlySet<number> {
  const places = found.map(({ place }) => place)
  return new Set(
    z
      .array(z.int())
      .parse(
        db.selectValues('SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ?', [
          expression,
          Math.min(...places),
          Math.max(...places),
        ]),
      ),
  )
}

function forget(db: Database, conversation: ConversationId): void {
  const [number] = numbersOf(db, 'conversations', [conversation])
  if (number === undefined) return
  const bind = [number]
  db.exec({
    sql: 'DELETE FROM words WHERE rowid IN (SELECT place FROM messages WHERE number = ?)',
    bind,
  })
  for (const table of ['messages', 'ranges', 'conversations'] as const)
    db.exec({ sql: `DELETE FROM ${table} WHERE number = ?`, bind })
}

const rangesOf = (db: Database, number: number): readonly IndexedRange[] =>
  schemaOf.ranges
    .parse(db.selectArrays('SELECT first, last, hash FROM ranges WHERE number = ? ORDER BY first', [number]))
    .map(([from, to, hash]) => ({ from, to, hash }))

/** Ids take little room as numbers. */
function numberOf(db: Database, table: 'conversations' | 'authors', id: string): number {
  db.exec({ sql: `INSERT OR IGNORE INTO ${table} (id) VALUES (?)`, bind: [id] })
  return z.int().parse(db.selectValue(`SELECT number FROM ${table} WHERE id = ?`, [id]))
}

const numbersOf = (db: Database, table: 'conversations' | 'authors', ids: readonly string[]): number[] =>
  ids.flatMap((id) =>
    z.array(z.int()).parse(db.selectValues(`SELECT number FROM ${table} WHERE id = ?`, [id])),
  )

function remember<K, V>(work: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>()
  return (key) => {
    const value = known.get(key) ?? work(key)
    known.set(key, value)
    return value
  }
}

function has(statement: PreparedStatement, value: SqlValue): boolean {
  const isThere = statement.bind([value]).step()
  statement.reset()
  return isThere
}

function using<T>(db: Database, sql: string, use: (statement: PreparedStatement) => T): T {
  const statement = db.prepare(sql)
  try {
    return use(statement)
  } finally {
    statement.finalize()
  }
}
