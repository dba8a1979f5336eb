import { type ConversationId, fold, newId } from '@parley/protocol'
import { beforeAll, describe, expect, test } from 'vitest'
import { useDatabase } from '../../../../test/kit/database.ts'
import { addPeople } from '../../../../test/kit/people.ts'
import { findChannels } from './channels.ts'
import { searchUsers } from './users.ts'

const database = useDatabase()

const NAMES = [
  'Ünal Demir',
  'ÉMILE',
  'Łukasz',
  'Straßer',
  'Ørsted',
  'Иван Петров',
  'ЁЛКА',
  'Ὀδυσσεύς',
  'ԱՐԱՄ',
  'محمد',
  '田中 太郎',
  'ガブリエル',
  '100 % Anna',
  'under_score',
]

beforeAll(async () => {
  const people = await addPeople(database.pool, NAMES.length)
  for (const [index, name] of NAMES.entries()) {
    await database.pool.query('UPDATE users SET name = $2 WHERE id = $1', [people[index], name])
    await database.pool.query(
      `INSERT INTO conversations (id, kind, title, created_by, created_at) VALUES ($1, 'channel', $2, $3, 0)`,
      [newId<ConversationId>(), name, people[0]],
    )
  }
})

describe('a person and a channel are found by the beginning of their name', () => {
  test.each([
    ['in small letters', 'ünal', 'Ünal Demir'],
    ['in capitals', 'ÜNAL', 'Ünal Demir'],
    ['without accents', 'unal d', 'Ünal Demir'],
    ['in letters taken apart', 'Ünal'.normalize('NFD'), 'Ünal Demir'],
    ['with an accent that is in capitals', 'émi', 'ÉMILE'],
    ['without the stroke', 'lukasz', 'Łukasz'],
    ['with a double s', 'STRASS', 'Straßer'],
    ['in Danish', 'ørst', 'Ørsted'],
    ['in Russian', 'иван', 'Иван Петров'],
    ['in Russian, without the dots', 'елк', 'ЁЛКА'],
    ['in Greek', 'οδυσ', 'Ὀδυσσεύς'],
    ['in Armenian', 'արամ', 'ԱՐԱՄ'],
    ['in Arabic', 'محم', 'محمد'],
    ['in Japanese', '田中', '田中 太郎'],
    ['of half width', 'ｶﾞﾌﾞ', 'ガブリエル'],
    ['with a percent sign, which is nothing else', '100 ％', '100 % Anna'],
    ['with an underscore, which is nothing else', 'under_', 'under_score'],
  ])('%s: %s', async (_, text, expected) => {
    const [viewer = expect.fail()] = await addPeople(database.pool, 1)
    const users = await searchUsers(database.kysely, viewer, text, 10)
    expect(users.map(({ name }) => name)).toEqual([expected])
    const channels = await findChannels(database.kysely, viewer, { text, limit: 10 })
    expect(channels.map(({ title }) => title)).toEqual([expected])
  })

  test.each(['%', '_', '\\', '100_', 'emile%'])('and not by what is a pattern: %s', async (text) => {
    const [viewer = expect.fail()] = await addPeople(database.pool, 1)
    expect(await searchUsers(database.kysely, viewer, text, 10)).toEqual([])
    expect(await findChannels(database.kysely, viewer, { text, limit: 10 })).toEqual([])
  })
})

test('channels go on from page to page in their order, whatever their titles', async () => {
  const [viewer = expect.fail()] = await addPeople(database.pool, 1)
  const all = await findChannels(database.kysely, viewer, { text: '', limit: 100 })
  const paged: string[] = []
  for (let after: { title: string; id: ConversationId } | undefined; ;) {
    const [next] = await findChannels(database.kysely, viewer, { text: '', after, limit: 1 })
    if (next === undefined) break
    paged.push(next.title)
    after = next
  }
  expect(all).toHaveLength(NAMES.length)
  expect(paged).toEqual(all.map(({ title }) => title))
})

test('names are folded as texts are, in all alphabets that have capitals or accents', async () => {
  const blocks = [
    [0x20, 0x4ff],
    [0x531, 0x587],
    [0x5b0, 0x66f],
    [0x1e00, 0x1fff],
    [0x3041, 0x30ff],
    [0xac00, 0xac80],
    [0xff01, 0xff9d],
  ] as const
  const signs = blocks
    .flatMap(([first, last]) =>
      Array.from({ length: last - first + 1 }, (_, n) => String.fromCharCode(first + n)),
    )
    // Letters of dead languages and of phonetics have capitals, too.
    .filter(
      (sign) =>
        /^[\p{L}\p{M}\p{N}\p{P}]$/u.test(sign) &&
        !/[\u0180-\u024f\u0370-\u037f\u03cf-\u03ff\u0460-\u04ff\u1efa-\u1eff]/.test(sign),
    )
  const { rows } = await database.pool.query<{ sign: string; folded: string }>(
    'SELECT sign, fold_name(sign) AS folded FROM unnest($1::text[]) sign',
    [signs],
  )
  const differing = rows.filter(({ sign, folded }) => folded !== fold(sign))
  expect(differing).toEqual([])
  expect(rows.length).toBeGreaterThan(1_000)
})
