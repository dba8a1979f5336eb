import {
  accountDocument,
  accountRoots,
  conversationDocument,
  type ConversationId,
  conversationRoots,
  newId,
  type UserId,
} from '@parley/protocol'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import * as Y from 'yjs'
import { type Database, openDatabase } from '../../apps/server/src/db/database.ts'
import { createLogger } from '../../apps/server/src/logger.ts'
import { useDatabase } from '../kit/database.ts'
import { addPeople, createGroup, say } from '../kit/people.ts'
import { connectDevice, type Device, startSyncServer, type SyncServer } from '../kit/sync-server.ts'
import { startDatabaseProxy, type TcpProxy } from '../kit/tcp-proxy.ts'

// The server reaches PostgreSQL through a network that can be cut; the test looks past it.
const direct = useDatabase()
let proxy: TcpProxy
let database: Database
let server: SyncServer
const devices: Device[] = []
let alice: UserId
let bob: UserId
let group: ConversationId

beforeAll(async () => {
  const through = await startDatabaseProxy(direct.url)
  proxy = through.proxy
  database = openDatabase({ url: through.url, logger: createLogger('silent') })
  server = await startSyncServer(database)
})
beforeEach(async () => {
  proxy.heal()
  ;[alice, bob] = (await addPeople(direct.pool, 2)) as [UserId, UserId]
  group = newId<ConversationId>()
  await server.core.handler.handle(alice, [createGroup(group, [bob])])
})
afterAll(async () => {
  proxy.heal()
  for (const device of devices) device.close()
  await server.close()
  await database.close()
  await proxy.close()
})

async function device(user: UserId): Promise<Device> {
  const { token } = await server.auth.tokens.create(user, 'test')
  const connected = connectDevice(server.url, user, token)
  devices.push(connected)
  return connected
}

const texts = (doc: Y.Doc): string[] =>
  conversationRoots(doc)
    .events.toArray()
    .flatMap((event) => (event.type === 'message' ? [event.text] : []))

test('[N3] [C4] while the database is away writing waits, nothing is refused, and afterwards everything is said once and in order', async () => {
  const [a, b] = [await device(alice), await device(bob)]
  const seen = b.conversation(group)
  a.intend(say(group, 'before'))
  await seen.until(() => texts(seen.doc).length === 1)

  proxy.cut()
  const account = a.account()
  a.intend(say(group, 'during 1'), say(group, 'during 2'))
  // The server has it once it acknowledges the update; it must keep it in the outbox all the same.
  await account.until(() => !account.provider.hasUnsyncedChanges)
  const late = b.open(conversationDocument(newId()))
  await late.until(() => late.denied.length > 0)
  expect(late.denied).toEqual(['unavailable'])
  expect(accountRoots(account.doc).outbox.length).toBe(2)
  expect(accountRoots(account.doc).rejections.size).toBe(0)
  expect(texts(seen.doc)).toEqual(['before'])

  proxy.heal()
  await seen.until(() => texts(seen.doc).length === 3)
  await account.until(() => accountRoots(account.doc).outbox.length === 0)
  expect(texts(seen.doc)).toEqual(['before', 'during 1', 'during 2'])
  expect(accountRoots(account.doc).rejections.size).toBe(0)
})

test('[N3] [C1] an answer that the network swallowed is not a second message', async () => {
  const [a, b] = [await device(alice), await device(bob)]
  const seen = b.conversation(group)
  a.intend(say(group, 'warm'))
  await seen.until(() => texts(seen.doc).length === 1)
  const said = Array.from({ length: 40 }, (_, n) => say(group, `${n}`))
  for (const [n, command] of said.entries()) {
    a.intend(command)
    if (n % 10 === 5) {
      proxy.cut()
      proxy.heal()
    }
  }
  await seen.until(() => texts(seen.doc).length >= 41)
  expect(texts(seen.doc)).toEqual(['warm', ...said.map(({ text }) => text)])
})

test('[N5] an account that cannot be saved when its last device leaves is kept, and saved when it can be', async () => {
  const a = await device(alice)
  const account = a.account()
  await account.until(() => account.provider.isSynced)
  proxy.cut()
  accountRoots(account.doc).drafts.set(group, 'half a thought')
  await account.until(() => !account.provider.hasUnsyncedChanges)
  a.close()
  proxy.heal()
  const storedDraft = async (): Promise<string | undefined> => {
    const { rows } = await direct.pool.query<{ state: Buffer }>(
      `SELECT state FROM documents WHERE name = $1`,
      [accountDocument(alice)],
    )
    const doc = new Y.Doc()
    if (rows[0] !== undefined) Y.applyUpdate(doc, rows[0].state)
    return accountRoots(doc).drafts.get(group)
  }
  await expect.poll(storedDraft, { timeout: 20_000 }).toBe('half a thought')
})
