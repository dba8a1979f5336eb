import {
  findIn,
  messageEvent,
  newId,
  parseSearchQuery,
  userId,
  wantsOf,
  type ConversationId,
} from '@parley/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { useDatabase } from '../../../../test/kit/database.ts'
import { placeOf, thousandOf, toIndexQuery, toVector } from './lexemes.ts'

const database = useDatabase()
const CONVERSATION: ConversationId = newId()
const AUTHOR = userId.parse(newId())

interface Trial {
  readonly text: string
  readonly files: readonly string[]
  readonly typed: string
}

const messageOf = ({ text, files }: Pick<Trial, 'text' | 'files'>) =>
  messageEvent.parse({
    seq: 1,
    id: newId(),
    type: 'message',
    author: AUTHOR,
    at: 1,
    hash: 'a'.repeat(22),
    text,
    writtenAt: 1,
    ...(files.length > 0 && {
      attachments: files.map((name) => ({ id: newId(), name, mediaType: 'text/plain', bytes: 1 })),
    }),
  })

/** What PostgreSQL makes of each: whether it is found, whole, in order. */
async function ask(trials: readonly Trial[]) {
  const asked = trials.map((trial) => {
    const wants = wantsOf(parseSearchQuery(trial.typed))
    return {
      vector: toVector(CONVERSATION, messageOf(trial)),
      query: toIndexQuery(wants, { authors: undefined, hasFile: false }),
    }
  })
  const column = (part: 'candidates' | 'condition' | 'whole' | 'ordered') =>
    asked.map(({ query }) => query[part] ?? null)
  const { rows } = await database.pool.query<{ found: boolean; whole: boolean; ordered: boolean }>(
    `SELECT vector @@ (place::tsquery && candidates) AND COALESCE(vector @@ condition, true) AS found,
            COALESCE(vector @@ whole, true) AS whole, COALESCE(vector @@ ordered, false) AS ordered
     FROM unnest($1::tsvector[], $2::tsquery[], $3::tsquery[], $4::tsquery[], $5::tsquery[])
       WITH ORDINALITY AS t (vector, candidates, condition, whole, ordered, n), (SELECT $6::text) AS p (place) ORDER BY n`,
    [
      asked.map(({ vector }) => vector),
      column('candidates'),
      column('condition'),
      column('whole'),
      column('ordered'),
      `'${placeOf(CONVERSATION, 0)}'`,
    ],
  )
  return rows
}

async function expectAgreement(trials: readonly Trial[]): Promise<number> {
  const rows = await ask(trials)
  let found = 0
  for (const [index, trial] of trials.entries()) {
    const match = findIn(messageOf(trial), wantsOf(parseSearchQuery(trial.typed)))
    expect([trial, rows[index]?.found]).toEqual([trial, match !== undefined])
    if (match === undefined) continue
    found += 1
    expect([trial, rows[index]]).toEqual([
      trial,
      { found: true, whole: match.fit.isWhole, ordered: match.fit.isInOrder },
    ])
  }
  return found
}

const part = fc.constantFrom(
  'meeting',
  'meet',
  'Meetings',
  'go',
  'to',
  'gö',
  '会',
  '议',
  '室',
  '👍🏽',
  '회의',
  '.',
  "'",
  '\\',
  ':*',
  '&',
  ' ',
  ' ',
  ' ',
)
const text = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''))
const typed = fc
  .array(fc.oneof(part, fc.constantFrom(' "', '" ', ' -')), { maxLength: 6 })
  .map((parts) => parts.join(''))

test('PostgreSQL finds in a text what a device finds in it, whole and in order alike', async () => {
  let found = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          text,
          files: fc.array(fc.constantFrom('go.txt', '会议室.pdf', 'Meeting notes'), { maxLength: 2 }),
          typed,
        }),
        {
          minLength: 50,
          maxLength: 100,
        },
      ),
      async (trials) => {
        found += await expectAgreement(trials)
      },
    ),
    { numRuns: 30 },
  )
  expect(found).toBeGreaterThan(100)
})

test('any text can be indexed, and is found by any part of itself', async () => {
  const storable = fc
    .string({ unit: 'binary', maxLength: 60 })
    .map((any) => any.replaceAll('\0', '').toWellFormed())
  await fc.assert(
    fc.asyncProperty(fc.array(storable, { minLength: 50, maxLength: 50 }), async (texts) => {
      await expectAgreement(
        texts.flatMap((any) => [
          { text: any, files: [], typed: any },
          { text: any, files: [], typed: any.slice(0, 7).toWellFormed() },
        ]),
      )
    }),
    { numRuns: 20 },
  )
})

test.each([
  ['one word', 'a'.repeat(200_000)],
  ['one word again and again', 'ab '.repeat(60_000)],
  ['as many words as there are', Array.from({ length: 60_000 }, (_, n) => n.toString(36)).join(' ')],
  ['signs', Array.from({ length: 60_000 }, (_, n) => String.fromCodePoint(0x4e00 + (n % 20_000))).join('')],
  ['one endless emoji', '👩‍'.repeat(50_000)],
  ['many long emoji', '👨‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿'.repeat(5_000)],
  ['long words', Array.from({ length: 3_000 }, (_, n) => `${'ж'.repeat(60)}${n}`).join(' ')],
])('a text far longer than messages are can be indexed: %s', async (_, long) => {
  const [row] = await ask([{ text: `begin ${long}`, files: [], typed: 'begin' }])
  expect(row).toMatchObject({ found: true })
})

test('a place is a thousand and twenty-four events of one conversation', () => {
  expect([1, 1024, 1025, 2048, 2049].map(thousandOf)).toEqual([0, 0, 1, 1, 2])
  expect(placeOf(CONVERSATION, 1)).not.toBe(placeOf(newId(), 1))
})

test('an author and a file are found as such, and not as words', async () => {
  const vector = toVector(CONVERSATION, messageOf({ text: 'file', files: [] }))
  const query = toIndexQuery(wantsOf(parseSearchQuery('')), { authors: [AUTHOR], hasFile: true })
  const by = toIndexQuery(wantsOf(parseSearchQuery('')), {
    authors: [userId.parse(newId()), AUTHOR],
    hasFile: false,
  })
  const { rows } = await database.pool.query(
    `SELECT $1::tsvector @@ $2::tsquery AS file, $1::tsvector @@ $3::tsquery AS author`,
    [vector, query.candidates, by.candidates],
  )
  expect(rows).toEqual([{ file: false, author: true }])
})
