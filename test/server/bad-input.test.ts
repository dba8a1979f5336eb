import { accountRoots, type Code, CODES, type Command, type CommandType, newId, rest } from '@parley/protocol'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { COMMAND_TRIES, commandOf } from '../bad/commands.ts'
import { ENDPOINT_TRIES } from '../bad/endpoints.ts'
import { type Scene, SCENE_LIMITS, setScene } from '../bad/scene.ts'
import type { Asked } from '../bad/tries.ts'
import type { Answer } from '../kit/api.ts'
import { useDatabase } from '../kit/database.ts'
import { type Actor, type Doors, openDoors } from '../kit/doors.ts'
import { changesBetween, dump } from '../kit/dump.ts'
import { ENDPOINTS, type Endpoint, fill } from '../kit/endpoints.ts'
import { wild } from '../kit/wild.ts'

/**
 * Whatever is wrong with what somebody sends is said with a code, changes nothing, and tells nothing of
 * what is not theirs: every route, every command, by their own mistakes and by those all have in common.
 */
const database = useDatabase()
let doors: Doors
let scene: Scene

beforeAll(async () => {
  doors = await openDoors({ pool: database.pool, databaseUrl: database.url, limits: SCENE_LIMITS })
  scene = await setScene(doors, database.pool)
  // Whose name and address are taken, and who has no password to log in with.
  await database.pool.query(`UPDATE users SET username = 'taken' WHERE id = $1`, [scene.other.id])
})
afterAll(() => doors.close())

const nameOf = ({ method, path }: Endpoint): string => `${method} ${path}`
const methodOf = (name: string): string => name.split(' ')[0] as string

test('every route has its tries', () => {
  // A new one: see what it must refuse, and say so in test/bad/endpoints.ts.
  expect(Object.keys(ENDPOINT_TRIES).toSorted()).toEqual(ENDPOINTS.map(nameOf).toSorted())
})

/** What was asked changed nothing, not even behind the answer. */
async function withoutEffect<T>(
  what: string,
  ask: () => Promise<T>,
  without: readonly string[] = [],
): Promise<T> {
  const before = await dump(database.pool, without)
  const answer = await ask()
  expect([what, changesBetween(before, await dump(database.pool, without))]).toEqual([what, []])
  return answer
}

const told = (answer: Answer): [number, string] =>
  answer.status < 400
    ? [answer.status, 'done']
    : [answer.status, rest.errorAnswer.parse(answer.body).error.code]
const expected = (code: Code | 'done', answer: Answer): [number, string] =>
  code === 'done' ? [answer.status < 300 ? answer.status : 204, 'done'] : [CODES[code].status, code]
const visible = ({ status, body, headers }: Answer): unknown => [
  status,
  body,
  [...headers].filter(([name]) => name !== 'date'),
]

const send = (method: string, { id }: Actor, { path, body, headers }: Asked): Promise<Answer> => {
  const actor = Object.values(scene).find((each): each is Actor => typeof each === 'object' && each.id === id)
  if (actor === undefined) throw new Error('nobody is there')
  return actor.ask(method, path, body, { ...headers })
}

describe.each(Object.entries(ENDPOINT_TRIES).filter(([, tries]) => tries.length > 0))('%s', (name, tries) => {
  test.each(tries)('$what: $code', async ({ as, ask, alike, code, what }) => {
    // What was so already may be remembered, so that a repeat of it is one.
    const without = code === 'done' ? ['settled_commands'] : []
    const actor = scene[as]
    const answer = await withoutEffect(what, () => send(methodOf(name), actor, ask(scene)), without)
    expect(told(answer)).toEqual(expected(code, answer))
    if (alike === undefined) return
    const nothing = await withoutEffect(what, () => send(methodOf(name), actor, alike(scene)), without)
    expect(visible(answer)).toEqual(visible(nothing))
  })
})

describe.each(ENDPOINTS.filter(({ isPublic }) => isPublic === undefined).map(nameOf))('%s', (name) => {
  test.each(['disabled', 'deleted'] as const)('is not for somebody who is %s', async (who) => {
    const endpoint = ENDPOINTS.find((each) => nameOf(each) === name) as Endpoint
    const path = fill(endpoint, { conversation: scene.group, event: scene.message, other: scene.member.id })
    const answer = await withoutEffect(name, () => scene[who].ask(endpoint.method, path, endpoint.body))
    expect(told(answer)).toEqual([401, 'unauthenticated'])
  })
})

/** Of a body that it does not read to its end the server closes the connection a moment later, also for what comes next on it. */
const LAST = { Connection: 'close' }

describe.each(ENDPOINTS.filter(({ body }) => body !== undefined).map(nameOf))('%s', (name) => {
  test('takes no body of another form, and does nothing with it', async () => {
    const endpoint = ENDPOINTS.find((each) => nameOf(each) === name) as Endpoint
    const path = fill(endpoint, { conversation: scene.group, event: scene.message, other: scene.member.id })
    const { body = {}, optional = [] } = endpoint
    const wrong: unknown[] = [
      ...Object.keys(body).flatMap((key) => [...WRONG, '\ud800'].map((value) => ({ ...body, [key]: value }))),
      ...Object.keys(body)
        .filter((key) => !optional.includes(key))
        .map((key) => Object.fromEntries(Object.entries(body).filter(([name]) => name !== key))),
      { ...body, unknown: 1 },
      [body],
      '{',
      'null',
    ]
    await withoutEffect(name, async () => {
      for (const each of wrong) {
        const answer = await scene.owner.ask(endpoint.method, path, each)
        expect([each, ...told(answer)]).toEqual([each, 400, 'invalid'])
      }
      const large = await scene.owner.ask(
        endpoint.method,
        path,
        { ...body, padding: 'x'.repeat(400_000) },
        LAST,
      )
      expect(told(large)).toEqual([413, 'too_large'])
    })
  })
})

/** Of which half a character does not come through an outbox: a document holds it as a whole one that stands for none. */
const WRONG: readonly unknown[] = [null, {}, [[]], -1.5, 'a\u0000b', { $ne: '' }]

describe.each(Object.keys(COMMAND_TRIES) as CommandType[])('%s by the outbox', (type) => {
  const { good, optional, tries } = COMMAND_TRIES[type]

  test.each(tries)('$what: $code', async ({ as, code, payload, alike, what }) => {
    const commands = [payload, ...(alike === undefined ? [] : [alike])].map((make) =>
      commandOf(type, make(scene)),
    )
    const [verdict, nothing] = await withoutEffect(what, () => scene[as].outbox(...commands))
    expect(verdict).toMatchObject({ accepted: false, code })
    if (alike !== undefined) expect(nothing).toEqual(verdict)
  })

  test('is not taken in another form, and each such entry is answered', async () => {
    const fine = commandOf(type, good(scene))
    const fields = Object.keys(fine).filter((key) => key !== 'id')
    const entries: Record<string, unknown>[] = [
      ...fields.flatMap((key) => WRONG.map((value) => ({ ...fine, id: newId(), [key]: value }))),
      ...fields
        .filter((key) => !optional.includes(key))
        .map((key) =>
          Object.fromEntries(Object.entries({ ...fine, id: newId() }).filter(([name]) => name !== key)),
        ),
      { ...fine, id: newId(), author: scene.stranger.id },
      { ...fine, id: newId(), seq: 1 },
    ]
    const verdicts = await withoutEffect(type, () => scene.owner.outbox(...(entries as unknown as Command[])))
    for (const [i, verdict] of verdicts.entries())
      expect([entries[i], verdict]).toEqual([
        entries[i],
        expect.objectContaining({ accepted: false, code: 'invalid' }),
      ])
  })
})

describe('whatever stands in an outbox', () => {
  // A document takes no objects but plain ones.
  const value = wild.map((any): unknown => JSON.parse(JSON.stringify(any)))
  /** Anything, a command, or one with something put in the place of one of its fields. */
  const entry = fc.oneof(
    value,
    fc
      .constantFrom(...(Object.keys(COMMAND_TRIES) as CommandType[]))
      .map((type): unknown => commandOf(type, COMMAND_TRIES[type].good(scene))),
    fc.constantFrom<unknown>(Number.NaN, Number.POSITIVE_INFINITY, -0, { id: 10n }, new Uint8Array([1, 2])),
    fc
      .tuple(fc.constantFrom(...(Object.keys(COMMAND_TRIES) as CommandType[])), fc.nat(), value, fc.boolean())
      .map(([type, n, put, isNamed]): unknown => {
        const command = commandOf(type, COMMAND_TRIES[type].good(scene)) as unknown as Record<string, unknown>
        const keys = Object.keys(command).filter((key) => key !== 'id' || !isNamed)
        return { ...command, [keys[n % keys.length] as string]: put }
      }),
  )

  test(
    '[C3, S5] is taken or refused with a code, each entry once, and the next command is heard',
    { timeout: 120_000 },
    async () => {
      const { doc, until } = scene.stranger.device().account()
      const { outbox, rejections } = accountRoots(doc)
      let refused = 0
      let taken = 0
      await fc.assert(
        fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 20 }), async (entries) => {
          doc.transact(() => [...rejections.keys()].forEach((id) => rejections.delete(id)))
          const sound = commandOf('user.unblock', { user: scene.other.id })
          outbox.push([...entries, sound])
          await until(() => outbox.length === 0)
          const fresh = [...rejections.entries()]
          for (const [, { code, message }] of fresh) {
            expect(CODES).toHaveProperty(code)
            expect(message).not.toBe('')
          }
          expect(fresh.map(([id]) => id)).not.toContain(sound.id)
          const settled = await took([...entries, sound])
          expect(settled).toContain(sound.id)
          // Refused under its own id, if it has one, else under a new one.
          expect([fresh.length + settled.length, fresh, settled]).toEqual([
            entries.length + 1,
            fresh,
            settled,
          ])
          refused += fresh.length
          taken += settled.length
        }),
        { numRuns: 60 },
      )
      expect(refused).toBeGreaterThan(100)
      expect(taken).toBeGreaterThan(60)
    },
  )

  /** Which of the entries took effect, by what the server remembers of them. */
  async function took(entries: readonly unknown[]): Promise<string[]> {
    const ids = entries.flatMap((each) =>
      typeof each === 'object' && each !== null && 'id' in each && typeof each.id === 'string'
        ? [each.id]
        : [],
    )
    const { rows } = await database.pool.query<{ id: string }>(
      `SELECT id FROM events WHERE id::text = ANY ($1) UNION SELECT id FROM settled_commands WHERE id::text = ANY ($1)`,
      [ids.map((id) => id.toWellFormed().replaceAll('\u0000', ''))],
    )
    return rows.map(({ id }) => id)
  }
})
