import { applyEvents, conversationDocument, lastSeqOf } from '@parley/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { useDatabase } from '../kit/database.ts'
import { type Doors, openDoors, type Verdict } from '../kit/doors.ts'
import type { Case } from '../walk/cases.ts'
import { faultsOf, readLogs } from '../walk/compare.ts'
import { DIRECT, STANDINGS, standingsIn } from '../walk/cast.ts'
import { type Place, SETTINGS, type Standing } from '../walk/places.ts'
import { CROWDED, DOORS, IN_CROWDS, nowhereKey, type Walk, walk } from '../walk/walk.ts'

/**
 * Every row of the permission table of 2-domain, by everybody, in every setting, over both doors: what
 * is accepted and what is refused, with which code, is what `whyNot` says; what is accepted is in the log
 * and on the screen, and what is refused left no trace.
 */
const database = useDatabase()
let doors: Doors
let walked: Walk

beforeAll(async () => {
  doors = await openDoors({ pool: database.pool, databaseUrl: database.url })
  walked = await walk(doors, database.pool)
}, 300_000)
afterAll(() => doors.close())

const inWords = (verdict: Verdict | undefined): string =>
  verdict === undefined ? 'not answered' : verdict.accepted ? 'accepted' : verdict.code

const CELLS: [string, readonly Standing[]][] = [
  ...SETTINGS.map(({ name }): [string, readonly Standing[]] => [name, STANDINGS]),
  ...CROWDED.map((name): [string, readonly Standing[]] => [name, IN_CROWDS]),
  ...DIRECT.map((name): [string, readonly Standing[]] => [name, standingsIn(name)]),
]

describe.each(CELLS)('%s', (name, standings) => {
  describe.each(DOORS)('by %s', (door) => {
    test.each(standings)('%s: may what can() says, and is told why not', (standing) => {
      const actor = walked.shared.find(({ place }) => place.setting.name === name)?.actors.get(standing)
      const isIts = (each: Case): boolean =>
        each.place.setting.name === name && each.door === door && each.actor === actor
      const cases = walked.cases.filter(isIts)
      const told = cases.map((each) => `${each.row.name}: ${inWords(walked.verdicts.get(each))}`)
      expect(told).toEqual(cases.map(({ row, refusal }) => `${row.name}: ${refusal ?? 'accepted'}`))
      expect(told).not.toEqual([])
    })
  })
})

test('what was accepted is in the log, once, and what was refused is not', async () => {
  const logs = await readLogs(database.pool)
  const faults = [...Map.groupBy(walked.cases, ({ place }) => place)].flatMap(([place, cases]) => {
    const isDeleted = cases.some(
      ({ row, refusal }) => row.name === 'delete for everyone' && refusal === undefined,
    )
    const log = logs.get(place.conversation) ?? []
    const added = log.slice(walked.before.get(place.conversation) ?? 0)
    if (isDeleted || place.governed === undefined)
      return log.map(({ id }) => `${id} was said in a deleted conversation`)
    return faultsOf(place, cases, added)
  })
  expect(faults.slice(0, 20)).toEqual([])
})

const AT_ONCE = 50

test('[L8] and on the screens of those who are in it', async () => {
  const logs = await readLogs(database.pool)
  const places = new Set(walked.cases.map(({ place }) => place))
  const { rows } = await database.pool.query<{ conversation: string; members: string[] }>(
    `SELECT conversation, array_agg(user_id) AS members FROM participants GROUP BY conversation`,
  )
  const members = new Map(rows.map((row) => [row.conversation, row.members]))
  const actors = new Set(walked.cases.map(({ actor }) => actor))
  const look = async ({ conversation }: Place): Promise<string | undefined> => {
    const viewer = [...actors].find(({ id }) => members.get(conversation)?.includes(id))
    if (viewer === undefined) return undefined
    const log = logs.get(conversation) ?? []
    const opened = viewer.device().open(conversationDocument(conversation))
    await opened.until(() => lastSeqOf(opened.doc) === log.length || opened.denied.length > 0)
    const rebuilt = new Y.Doc()
    applyEvents(rebuilt, log)
    const isSame = Buffer.from(Y.encodeStateAsUpdate(opened.doc)).equals(Y.encodeStateAsUpdate(rebuilt))
    opened.provider.destroy()
    return isSame ? 'the same' : `${viewer.name} sees another ${conversation}`
  }
  const seen: (string | undefined)[] = []
  const all = [...places]
  for (let start = 0; start < all.length; start += AT_ONCE)
    seen.push(...(await Promise.all(all.slice(start, start + AT_ONCE).map(look))))
  expect(seen.filter((each) => each !== 'the same' && each !== undefined)).toEqual([])
  expect(seen.filter((each) => each === 'the same').length).toBeGreaterThan(100)
})

describe('[S2] somebody outside', () => {
  test('is answered by what exists as by what does not, to the byte', () => {
    const outsiders = walked.cases.filter(
      ({ actor, place, refusal }) => place.governed?.members.has(actor.id) !== true && refusal !== undefined,
    )
    const faults = outsiders.flatMap((each) => {
      const [here, nowhere] = [walked.verdicts.get(each), walked.nowhere.get(nowhereKey(each))]
      const isSame = JSON.stringify(visible(here)) === JSON.stringify(visible(nowhere))
      return isSame
        ? []
        : [`${each.place.setting.name}: ${each.actor.name} by ${each.door}: ${each.row.name}`]
    })
    expect(outsiders.length).toBeGreaterThan(500)
    expect(faults).toEqual([])
  })
})

/** Everything of an answer but the time at which it was given. */
function visible(verdict: Verdict | undefined): unknown {
  if (verdict?.accepted !== false) return undefined
  const { code, message, answer } = verdict
  const headers = [...(answer?.headers ?? [])].filter(([name]) => name !== 'date')
  return [code, message, answer?.status, answer?.body, headers]
}
