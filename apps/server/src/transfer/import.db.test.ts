import { type ConversationId, type Event, foldConversation, type Kind, type UserId } from '@parley/protocol'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { createTestApi, nobody, type Person, type TestApi } from '../../../../test/kit/api.ts'
import { useDatabase } from '../../../../test/kit/database.ts'
import {
  bytesOf,
  continued,
  exportLines,
  gather,
  inPieces,
  lineOf,
  withFooter,
} from '../../../../test/kit/export-file.ts'
import { makeLegalLog } from '../../../../test/kit/legal-log.ts'
import type { Database } from '../db/database.ts'
import { loadConversation } from '../log/load-conversation.ts'
import { eventsAfter } from '../queries/events.ts'
import { exportConversation } from './export.ts'
import { ExportFault } from './fault.ts'
import { importConversation, ImportConflict } from './import.ts'
import { openExport } from './read-export.ts'

const here = useDatabase()
const there = useDatabase()
let api: TestApi
let ana: Person
let ben: Person

beforeAll(async () => {
  api = createTestApi(here)
  ana = await api.signUp('ana')
  ben = await api.signUp('ben')
})

async function fileOf(database: Database, id: ConversationId): Promise<Buffer> {
  const pieces = await exportConversation(database.kysely, id)
  if (pieces === undefined) throw new Error('there is no such conversation')
  return gather(pieces)
}

const bring = async (database: Database, file: AsyncIterable<Uint8Array>) =>
  importConversation(database.kysely, await openExport(file), Date.now())
const bringBytes = (database: Database, bytes: Uint8Array) => bring(database, inPieces(bytes, 1000))

/** Everything an import may touch. */
async function everythingIn(database: Database): Promise<string[]> {
  const tables = ['users', 'credentials', 'conversations', 'participants', 'events', 'documents']
  const dumps = tables.map((table) =>
    database.pool.query<{ row: string }>(`SELECT '${table} ' || t::text AS row FROM ${table} t ORDER BY 1`),
  )
  return (await Promise.all(dumps)).flatMap(({ rows }) => rows.map(({ row }) => row))
}

/** Refused with this, and nothing is other than before. */
async function expectRefused(
  database: Database,
  bytes: Uint8Array,
  error: typeof ImportConflict | typeof ExportFault,
) {
  const before = await everythingIn(database)
  await expect(bringBytes(database, bytes)).rejects.toThrow(error)
  expect(await everythingIn(database)).toEqual(before)
}

async function readSeqs(id: ConversationId): Promise<unknown[]> {
  const { rows } = await there.pool.query(
    'SELECT user_id, read_seq FROM participants WHERE conversation = $1 ORDER BY read_seq',
    [id],
  )
  return rows
}

async function conversation(...texts: string[]): Promise<ConversationId> {
  const id = await api.group(ana, ben)
  for (const text of texts) await api.say(ben, id, text)
  return id
}

test('[L7] what is exported, imported elsewhere and exported again is the same file, byte for byte', async () => {
  const id = await conversation('one', 'two 🏷️ \u2028 three')
  await ana.ask('PATCH', `/api/conversations/${id}`, { topic: 'line\nbreak', archived: true })
  const file = await fileOf(here, id)
  const imported = await bringBytes(there, file)
  expect(imported).toMatchObject({ conversation: id, before: 0, after: 6 })
  expect(await fileOf(there, id)).toEqual(file)
  expect(await loadConversation(there.pool, id)).toEqual(await loadConversation(here.pool, id))
  expect(await eventsAfter(there.kysely, id, 0, 100)).toEqual(await eventsAfter(here.kysely, id, 0, 100))
})

test('whatever a server has decided is imported as it was: events, members, roles, titles', async () => {
  const kinds = fc.constantFrom<Kind>('group', 'channel', 'direct')
  // The same seed gives the same conversation, and it would be there already.
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.nat(100_000), fc.integer({ min: 3, max: 80 }), kinds, async (seed, length, kind) => {
      run += 1
      const log = makeLegalLog(seed + run * 100_003, length, kind)
      const bytes = bytesOf(exportLines(log))
      await bringBytes(there, bytes)
      expect(await loadConversation(there.pool, log.id)).toEqual({
        is: 'present',
        conversation: foldConversation(log.events),
      })
      expect(await fileOf(there, log.id)).toEqual(bytes)
      expect(await bringBytes(there, bytes)).toMatchObject({
        before: log.events.length,
        after: log.events.length,
      })
    }),
    { numRuns: 25 },
  )
})

test('the same file again changes nothing, and neither does an earlier one', async () => {
  const id = await conversation('one')
  const early = await fileOf(here, id)
  await api.say(ana, id, 'two')
  await bringBytes(there, await fileOf(here, id))
  const before = await everythingIn(there)
  for (const file of [early, await fileOf(here, id)])
    expect(await bringBytes(there, file)).toEqual({ conversation: id, before: 5, after: 5, users: [] })
  expect(await everythingIn(there)).toEqual(before)
})

test('a file that goes on where the log ends continues it', async () => {
  const id = await conversation('one')
  await bringBytes(there, await fileOf(here, id))
  const cem = await api.signUp('cem')
  await api.say(ben, id, 'two')
  await ana.ask('POST', `/api/conversations/${id}/members`, { user: cem.id })
  await ben.ask('DELETE', `/api/conversations/${id}/members/${ben.id}`)
  const file = await fileOf(here, id)
  const { users, ...seqs } = await bringBytes(there, file)
  expect(seqs).toEqual({ conversation: id, before: 4, after: 7 })
  expect(users).toEqual([{ id: cem.id, username: 'cem', wanted: undefined }])
  expect(await fileOf(there, id)).toEqual(file)
  expect(await loadConversation(there.pool, id)).toEqual(await loadConversation(here.pool, id))
  expect(await readSeqs(id)).toContainEqual({ user_id: ana.id, read_seq: 6 })
})

test('[R1] a read position that is further here stays so', async () => {
  const id = await conversation('one')
  await bringBytes(there, await fileOf(here, id))
  await there.pool.query('UPDATE participants SET read_seq = 4 WHERE conversation = $1', [id])
  await api.say(ben, id, 'two')
  await bringBytes(there, await fileOf(here, id))
  expect(await readSeqs(id)).toEqual([
    { user_id: ana.id, read_seq: 4 },
    { user_id: ben.id, read_seq: 5 },
  ])
})

test('who spoke has read so far; further is not in a log', async () => {
  const id = await conversation('one', 'two')
  await api.say(ana, id, 'three')
  await api.say(ben, id, 'four')
  await bringBytes(there, await fileOf(here, id))
  expect(await readSeqs(id)).toEqual([
    { user_id: ana.id, read_seq: 6 },
    { user_id: ben.id, read_seq: 7 },
  ])
})

test('a file that contradicts what is here is refused and changes nothing', async () => {
  const id = await conversation('one')
  const common = await fileOf(here, id)
  await bringBytes(there, common)
  const [header, ...events] = common.toString().trimEnd().split('\n').slice(0, -1) as [string, ...string[]]
  for (const text of ['said here', 'and here', 'and also here']) await api.say(ana, id, text)
  const longer = await fileOf(here, id)
  // The same beginning, and something else said since: shorter, as long, and longer than what is here.
  const log = { id, people: [], events: events.map((line) => JSON.parse(line) as Event) }
  for (const more of [1, 3, 5]) {
    const parted = continued(log.events, ben.id, more)
    const bytes = bytesOf(withFooter([header, ...parted.map((event) => lineOf(event))]))
    await expectRefused(here, bytes, ImportConflict)
  }
  await bringBytes(there, longer)
  await api.say(ana, id, 'and more')
  await bringBytes(there, await fileOf(here, id))
})

test('a file that is not right is refused as a whole', async () => {
  const bytes = await fileOf(here, await conversation('one', 'two'))
  const lines = bytes.toString().trimEnd().split('\n')
  await expectRefused(there, bytesOf(lines.slice(0, -1)), ExportFault)
  await expectRefused(there, bytesOf(lines.toSpliced(4, 1)), ExportFault)
  await expectRefused(there, bytesOf(lines.with(4, (lines[4] as string).replace('one', 'eins'))), ExportFault)
})

test('an event that stands in another conversation here is not said a second time', async () => {
  const log = makeLegalLog(1234, 10, 'group')
  await bringBytes(there, bytesOf(exportLines(log)))
  await expectRefused(there, bytesOf(exportLines({ ...log, id: nobody() })), ImportConflict)
})

test('what was deleted here stays deleted', async () => {
  const id = await conversation('one')
  const file = await fileOf(here, id)
  await ana.ask('DELETE', `/api/conversations/${id}`)
  await expectRefused(here, file, ImportConflict)
})

test('what is said while the file is read is not lost and not overtaken: the import is to be tried again', async () => {
  const id = await conversation('one')
  const file = await fileOf(here, id)
  await bringBytes(there, file)
  const events = continued(await eventsAfter(there.kysely, id, 0, 100), ben.id, 2)
  const [header] = file.toString().split('\n') as [string]
  const bytes = bytesOf(withFooter([header, ...events.map((event) => lineOf(event))]))
  const apiThere = createTestApi(there)
  async function* slowly(): AsyncGenerator<Uint8Array> {
    yield bytes.subarray(0, -20)
    const [outcome] = await apiThere.handler.handle(ana.id, [
      { id: nobody(), type: 'message.send', createdAt: 1, conversation: id, text: 'meanwhile' },
    ])
    expect(outcome?.accepted).toBe(true)
    yield bytes.subarray(-20)
  }
  await expect(bring(there, slowly())).rejects.toThrow('try again')
  expect(
    (await eventsAfter(there.kysely, id, 4, 10)).map((event) => event.type === 'message' && event.text),
  ).toEqual(['meanwhile'])
})

test('who is not known here is made known by name, cannot log in, and takes nobody’s name', async () => {
  const taken = createTestApi(there)
  const mira = await taken.signUp('mira')
  const [known, same, again, deleted] = [mira.id, nobody() as UserId, nobody() as UserId, nobody() as UserId]
  const log = makeLegalLog(77, 3, 'group')
  const people = new Map<UserId, { name: string; username?: string }>([
    [known, { name: 'Another name', username: 'somebody.else' }],
    [same, { name: 'Mira too', username: 'mira' }],
    [again, { name: 'Mira as well', username: 'mira' }],
    [deleted, { name: 'Gone' }],
  ])
  const named = (user: UserId) => people.get(user) ?? { name: 'Other', username: `x${user.slice(-8)}` }
  const { users } = await bringBytes(there, bytesOf(exportLines(log, named, [known, same, again, deleted])))
  expect(users).toContainEqual({ id: same, username: 'mira-2', wanted: 'mira' })
  expect(users).toContainEqual({ id: again, username: 'mira-3', wanted: 'mira' })
  expect(users).toContainEqual({ id: deleted, username: undefined, wanted: undefined })
  expect(users.map((user) => user.id)).not.toContain(known)
  const profile = async (id: UserId) => (await mira.ask('GET', `/api/users/${id}`)).body
  expect(await profile(known)).toMatchObject({ username: 'mira', name: 'Name of mira' })
  expect(await profile(same)).toEqual({ id: same, username: 'mira-2', name: 'Mira too' })
  expect(await profile(deleted)).toEqual({ id: deleted, username: '', name: 'Deleted user', deleted: true })
  for (const password of ['', 'null', 'mira-2'])
    expect(
      (await taken.ask('POST', '/api/sessions', { login: 'mira-2', password: `${password} ` })).status,
    ).toBe(401)
})

test('what an export is made of stays as it was when it began', async () => {
  const id = await conversation('one')
  const pieces = await exportConversation(here.kysely, id)
  const first = await pieces?.next()
  await api.say(ana, id, 'too late')
  if (pieces === undefined || first?.done !== false) throw new Error('there is no export')
  const file = Buffer.concat([first.value, await gather(pieces)])
  expect(file.toString()).not.toContain('too late')
  expect(await bringBytes(there, file)).toMatchObject({ after: 4 })
})

test('an export whose conversation is deleted meanwhile breaks off, and shows it', async () => {
  const id = await conversation('one')
  const pieces = await exportConversation(here.kysely, id)
  await pieces?.next()
  await ana.ask('DELETE', `/api/conversations/${id}`)
  await expect(pieces?.next()).rejects.toThrow('was deleted while it was exported')
})
