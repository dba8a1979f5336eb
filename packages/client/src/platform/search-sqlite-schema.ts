import type { Database } from '@sqlite.org/sqlite-wasm'
import { z } from 'zod'
import { MARK_SIGNS } from '../search/index-words.ts'
import type { StoreFault } from '../store/store.ts'

/** Rises when words are made or kept in another way: what is there then is made again. */
const VERSION = 1

export const schemaOf = { ranges: z.array(z.tuple([z.int(), z.int(), z.string()])) }

/**
 * Our own words are made of letters, digits and signs beyond ASCII: the plainest tokenizer parts them at the
 * spaces between them and changes nothing. `content=''`: the texts themselves are in the store already.
 */
const SCHEMA = `
  CREATE TABLE conversations (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
  CREATE TABLE authors (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
  CREATE TABLE ranges (number INTEGER, first INTEGER, last INTEGER, hash TEXT NOT NULL, PRIMARY KEY (number, first))
    WITHOUT ROWID;
  CREATE TABLE messages (
    place INTEGER PRIMARY KEY, number INTEGER NOT NULL, seq INTEGER NOT NULL, shift INTEGER NOT NULL);
  CREATE INDEX shifted ON messages (shift) WHERE shift > 0;
  CREATE TABLE beginnings (word TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE VIRTUAL TABLE words USING fts5 (
    text, content='', contentless_delete=1, tokenize="ascii tokenchars '${MARK_SIGNS}'");
  PRAGMA user_version = ${VERSION};
`

/** Makes an empty database the index, and one of another version empty. */
export function prepareSchema(db: Database): Database {
  // What is lost in a power cut is made again; SQLite's journal keeps the rest whole.
  db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = NORMAL;')
  const version = z.int().parse(db.selectValue('PRAGMA user_version'))
  if (version === VERSION) return db
  db.transaction(() => {
    for (const table of ['words', 'beginnings', 'messages', 'ranges', 'authors', 'conversations'])
      db.exec(`DROP TABLE IF EXISTS ${table}`)
    db.exec(SCHEMA)
  })
  return db
}

/** SQLite's result codes; of a longer one the last byte says the kind. */
const CORRUPT = 11
const FULL = 13
const NOT_A_DATABASE = 26

const withCode = z.object({ resultCode: z.int() })

export function faultOfSqlite(error: unknown): StoreFault {
  const code = withCode.safeParse(error)
  // What was read has not the shape that was written.
  if (!code.success) return error instanceof z.ZodError ? 'corrupt' : 'failed'
  switch (code.data.resultCode & 0xff) {
    case CORRUPT:
    case NOT_A_DATABASE:
      return 'corrupt'
    case FULL:
      return 'quota'
    default:
      return 'failed'
  }
}
