import type { Database, PreparedStatement, SqlValue } from '@sqlite.org/sqlite-wasm'
import {
  conversationId,
  type ConversationId,
  type Event,
  type Millis,
  searchScore,
  type UserId,
} from '@parley/protocol'
import { z } from 'zod'
import { addRange, covers, runsOf, spanOf } from '../ranges.ts'
import {
  byNewest,
  IndexError,
  type IndexedRange,
  type IndexMatch,
  type IndexMatches,
  type IndexPart,
  type IndexQuery,
  type SearchIndex,
} from '../search/index-port.ts'
import { MARK, toExpressions, toRow } from '../search/index-words.ts'
import type { Range } from '../store.ts'
import { faultOfSqlite, prepareSchema, schemaOf } from './search-sqlite-schema.ts'

/**
 * Places are times, so that the newest matches come first without looking at the others: so many messages fit
 * into one millisecond, and what is more goes into the next ones, as many milliseconds late.
 */
const PLACES_A_MILLI = 16
const momentOf = (place: number): Millis => Math.floor(place / PLACES_A_MILLI)

const row = z
  .tuple([z.int(), z.int(), z.int(), conversationId])
  .transform(([place, late, seq, conversation]) => ({ place, at: momentOf(place) - late, seq, conversation }))
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
  using(db, 'SELECT 1 FROM messages WHERE place = ?', (isTaken) =>
    using(db, 'INSERT INTO messages VALUES (?, ?, ?, ?)', (addMessage) =>
      using(db, 'INSERT INTO words (rowid, text) VALUES (?, ?)', (addWords) => {
        // Ascending: for each one that is not, the index would begin a new part.
        let last = 0
        for (const { number, event } of messages.toSorted((a, b) => a.event.at - b.event.at)) {
          let place = Math.max(last + 1, event.at * PLACES_A_MILLI)
          while (has(isTaken, place)) place += 1
          last = place
          addMessage.bind([place, number, event.seq, momentOf(place) - event.at]).stepReset()
          addWords.bind([place, toRow(event, author(event.author), number)]).stepReset()
        }
      }),
    ),
  )
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

function findNewest(db: Database, query: IndexQuery, below: number | undefined, count: number): IndexMatches {
  const { wants, authors, conversations, hasFile, before, after } = query
  const marks: string[][] = []
  if (authors !== undefined) marks.push(numbersOf(db, 'authors', authors).map(MARK.author))
  if (conversations !== undefined)
    marks.push(numbersOf(db, 'conversations', conversations).map(MARK.conversation))
  if (hasFile) marks.push([MARK.file])
  // Who has said nothing that is here, and what is not here, is in nothing.
  if (marks.some(({ length }) => length === 0)) return { matches: [], places: NOWHERE, hasMore: false }

  const { matching, whole, inOrder } = toExpressions(wants, marks)
  const end = Math.min(below ?? Infinity, (before ?? END_OF_TIME) * PLACES_A_MILLI, Number.MAX_SAFE_INTEGER)
  const { found, hasMore } = readNewest(db, matching, (after ?? 0) * PLACES_A_MILLI, end, count)
  const places = found.length === 0 ? NOWHERE : { from: found.at(-1)?.place ?? 0, to: found[0]?.place ?? 0 }
  const holding = (expression: string | undefined): ReadonlySet<number> | undefined =>
    expression === undefined ? undefined : placesIn(db, expression, places)
  const [wholes, inOrders] = [holding(whole), holding(inOrder)]
  const matches = found.map(({ place, conversation, seq, at }): IndexMatch => {
    const isWhole = wholes?.has(place) ?? true
    const isInOrder = inOrders?.has(place) ?? false
    return { conversation, seq, at, score: searchScore(at, { isWhole, isInOrder }) }
  })
  return { matches: matches.toSorted(byNewest), places, hasMore }
}

const NOWHERE: Range = { from: 0, to: 0 }
const END_OF_TIME: Millis = 8.64e15

type Found = z.infer<typeof row>

/** The newest so many, and those of the same moment as the last of them: their order is not that of places. */
function readNewest(
  db: Database,
  matching: string,
  from: number,
  end: number,
  count: number,
): { readonly found: readonly Found[]; readonly hasMore: boolean } {
  return using(
    db,
    `SELECT place, late, seq, id FROM words
     JOIN messages ON messages.place = words.rowid JOIN conversations USING (number)
     WHERE words MATCH ? AND words.rowid >= ? AND words.rowid < ? ORDER BY words.rowid DESC`,
    (statement) => {
      statement.bind([matching, from, end])
      const found: Found[] = []
      while (statement.step()) {
        const next = row.parse(statement.get([]))
        const isOlder = momentOf(next.place) !== momentOf(found.at(-1)?.place ?? 0)
        if (found.length >= count && isOlder) return { found, hasMore: true }
        found.push(next)
      }
      return { found, hasMore: false }
    },
  )
}

const placesIn = (db: Database, expression: string, span: Range): ReadonlySet<number> =>
  new Set(
    z
      .array(z.int())
      .parse(
        db.selectValues('SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ?', [
          expression,
          span.from,
          span.to,
        ]),
      ),
  )

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
