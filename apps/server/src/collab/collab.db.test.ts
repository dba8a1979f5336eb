import {
  accountDocument,
  accountRoots,
  applyEvents,
  type ConversationId,
  conversationDocument,
  conversationRoots,
  type Event,
  newId,
  type UserId,
} from '@parley/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as encoding from 'lib0/encoding'
import { Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { useDatabase } from '../../../../test/kit/database.ts'
import { addPeople, createGroup, say } from '../../../../test/kit/people.ts'
import {
  connectDevice,
  type Device,
  type Opened,
  startSyncServer,
  type SyncServer,
} from '../../../../test/kit/sync-server.ts'
import { openDatabase } from '../db/database.ts'
import { createLogger } from '../logger.ts'
import { eventsAfter } from '../queries/events.ts'

const db = useDatabase()
const devices: Device[] = []
let server: SyncServer
let alice: UserId
let bob: UserId
let carol: UserId
let group: ConversationId

beforeAll(async () => {
  server = await startSyncServer(db)
  ;[alice, bob, carol] = (await addPeople(db.pool, 3)) as [UserId, UserId, UserId]
  group = await newGroup()
})
afterAll(async () => {
  for (const device of devices) device.close()
  await server.close()
})

async function newGroup(): Promise<ConversationId> {
  const id = newId<ConversationId>()
  await server.core.handler.handle(alice, [createGroup(id, [bob])])
  return id
}

async function device(user: UserId): Promise<Device> {
  const { token } = await server.auth.tokens.create(user, 'test')
  const connected = connectDevice(server.url, user, token)
  devices.push(connected)
  return connected
}

const texts = ({ doc }: Opened): string[] =>
  conversationRoots(doc)
    .events.toArray()
    .flatMap((event) => (event.type === 'message' ? [event.text] : []))
const outbox = ({ doc }: Opened) => accountRoots(doc).outbox
const rejections = ({ doc }: Opened) => accountRoots(doc).rejections
const state = ({ doc }: Opened): Uint8Array => Y.encodeStateAsUpdate(doc)

describe('a message', () => {
  test('[L2] [L3] goes from the outbox of one to the document of the other, and leaves the outbox', async () => {
    const id = await newGroup()
    const [a, b] = [await device(alice), await device(bob)]
    const seen = b.conversation(id)
    a.intend(say(id, 'one'), say(id, 'two'))
    await seen.until(() => texts(seen).length === 2)
    await a.account().until(() => outbox(a.account()).length === 0)
    expect(texts(seen)).toEqual(['one', 'two'])
  })

  test('[L8] everybody holds the same bytes, and a rebuild of the log has them too', async () => {
    const id = await newGroup()
    const [a, b] = [await device(alice), await device(bob)]
    a.intend(...Array.from({ length: 300 }, (_, n) => say(id, `${n}`)))
    const [mine, theirs] = [a.conversation(id), b.conversation(id)]
    for (const opened of [mine, theirs]) await opened.until(() => texts(opened).at(-1) === '299')
    const rebuilt = new Y.Doc()
    applyEvents(rebuilt, await eventsAfter(db.kysely, id, 0, 1_000))
    expect(state(theirs)).toEqual(Y.encodeStateAsUpdate(rebuilt))
    expect(state(mine)).toEqual(state(theirs))
  })

  test('[C3] is refused with a code and a reason, and stays to be seen', async () => {
    const [a, c] = [await device(alice), await device(carol)]
    const command = say(group, 'let me in')
    c.intend(command)
    await c.account().until(() => rejections(c.account()).has(command.id))
    expect(rejections(c.account()).get(command.id)).toMatchObject({ code: 'forbidden', command })
    expect(outbox(c.account()).length).toBe(0)
    expect(texts(a.conversation(group))).toEqual([])
  })

  test('[C3] [S5] what is not a command at all is rejected, and blocks nothing behind it', async () => {
    const id = await newGroup()
    const a = await device(alice)
    const nested = new Y.Map<unknown>()
    accountRoots(a.account().doc).outbox.push([
      null,
      7,
      'text',
      { id: 'x' },
      { ...say(id, 'forged'), author: bob },
      nested,
      new Uint8Array(3),
    ])
    a.intend(say(id, 'fine'))
    const seen = a.conversation(id)
    await seen.until(() => texts(seen).length === 1)
    await a.account().until(() => rejections(a.account()).size === 7)
    expect(new Set([...rejections(a.account()).values()].map(({ code }) => code))).toEqual(
      new Set(['invalid']),
    )
  })
})

describe('who may open what', () => {
  test('[S2] a foreign account, a foreign conversation and an unknown one are the same answer', async () => {
    const c = await device(carol)
    const opened = [
      accountDocument(alice),
      conversationDocument(group),
      conversationDocument(newId()),
      'conversation/x',
      'anything',
      'account/',
    ].map((name) => c.open(name))
    for (const each of opened) await each.until(() => each.denied.length > 0)
    expect(opened.map((each) => each.denied[0])).toEqual(opened.map(() => 'forbidden'))
    expect(opened.map((each) => state(each).length)).toEqual(opened.map(() => 2))
  })

  test('[S1] a member cannot write into a conversation, and the others notice nothing', async () => {
    const id = await newGroup()
    const [a, b] = [await device(alice), await device(bob)]
    const [mine, theirs] = [a.conversation(id), b.conversation(id)]
    await mine.until(() => mine.provider.isSynced)
    await theirs.until(() => theirs.provider.isSynced)
    conversationRoots(mine.doc).events.push([{ seq: 99 } as Event])
    conversationRoots(mine.doc).events.delete(0, 1)
    a.intend(say(id, 'still fine'))
    await theirs.until(() => texts(theirs).length === 1)
    const rebuilt = new Y.Doc()
    applyEvents(rebuilt, await eventsAfter(db.kysely, id, 0, 1_000))
    expect(state(theirs)).toEqual(Y.encodeStateAsUpdate(rebuilt))
  })

  test('[S4] who is removed hears no more of it, and is told why', async () => {
    const id = await newGroup()
    const [a, b] = [await device(alice), await device(bob)]
    const theirs = b.conversation(id)
    await theirs.until(() => theirs.provider.isSynced)
    a.intend(
      { id: newId(), createdAt: 1, type: 'member.remove', conversation: id, user: bob },
      say(id, 'without bob'),
    )
    await theirs.until(() => theirs.closed.length > 0)
    expect(theirs.closed).toEqual(['forbidden'])
    const mine = a.conversation(id)
    await mine.until(() => texts(mine).length === 1)
    expect(texts(theirs)).toEqual([])
  })

  test('[S4] a credential that ends takes its open connections with it', async () => {
    const created = await server.auth.tokens.create(bob, 'short')
    const b = connectDevice(server.url, bob, created.token)
    devices.push(b)
    const account = b.account()
    await account.until(() => account.provider.isSynced)
    await server.auth.tokens.end(bob, created.id)
    await account.until(() => account.denied.length > 0)
    expect(account.denied).toEqual(['unauthenticated'])
  })
})

describe('typing and presence', () => {
  test('[S3] the person behind a sign is the one of the connection, whatever they claim', async () => {
    const id = await newGroup()
    const [a, b] = [await device(alice), await device(bob)]
    const [mine, theirs] = [a.conversation(id), b.conversation(id)]
    await theirs.until(() => theirs.provider.isSynced)
    mine.provider.awareness?.setLocalState({
      typing: true,
      user: { id: bob, name: 'Bob' },
      extra: 'x'.repeat(100),
    })
    const seenByBob = () => theirs.provider.awareness?.getStates().get(mine.doc.clientID)
    await theirs.until(() => seenByBob() !== undefined && seenByBob()?.['typing'] === true)
    expect(seenByBob()).toEqual({ typing: true, user: { id: alice, name: 'Person' } })
    // One state a connection, however many messages it has sent.
    expect(
      [...(theirs.provider.awareness?.getStates().values() ?? [])].filter(
        (seen) => seen['user']?.id === alice,
      ),
    ).toHaveLength(1)
  })

  test('[S3] nobody touches the sign of another, and one connection has one sign whatever ids it invents', async () => {
    const id = await newGroup()
    const [a, b] = [await device(alice), await device(bob)]
    const [mine, theirs] = [a.conversation(id), b.conversation(id)]
    await Promise.all([mine, theirs].map((opened) => opened.until(() => opened.provider.isSynced)))
    theirs.provider.awareness?.setLocalState({ typing: true })
    const seenByAlice = () =>
      [...(mine.provider.awareness?.getStates() ?? [])].filter(([, seen]) => seen['user'] !== undefined)
    await mine.until(() =>
      seenByAlice().some(([clientId, seen]) => clientId === theirs.doc.clientID && seen['typing'] === true),
    )
    const forged = new Awareness(new Y.Doc())
    forged.setLocalState(null)
    for (const clientId of [theirs.doc.clientID, ...Array.from({ length: 50 }, (_, n) => n + 1)]) {
      forged.states.set(clientId, { typing: false, user: { id: carol, name: 'Carol' } })
      forged.meta.set(clientId, { clock: 1_000, lastUpdated: 0 })
    }
    mine.provider.configuration.websocketProvider.send(awarenessFrame(conversationDocument(id), forged))
    const c = connectDevice(server.url, bob, (await server.auth.tokens.create(bob, 'second')).token)
    devices.push(c)
    const late = c.conversation(id)
    await late.until(() => (late.provider.awareness?.getStates().size ?? 0) >= 3)
    const seen = [...(late.provider.awareness?.getStates() ?? [])].filter(
      ([, state]) => state['user'] !== undefined,
    )
    expect(seen.filter(([, state]) => state['user'].id === alice)).toHaveLength(1)
    expect(seen.filter(([, state]) => state['user'].id === carol)).toEqual([])
    expect(seen.find(([clientId]) => clientId === theirs.doc.clientID)?.[1]).toEqual({
      typing: true,
      user: { id: bob, name: 'Person' },
    })
  })
})

/** What a hostile program sends: any states, under the name of a document it has open. */
function awarenessFrame(name: string, awareness: Awareness): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeVarString(encoder, name)
  encoding.writeVarUint(encoder, 1)
  encoding.writeVarUint8Array(encoder, encodeAwarenessUpdate(awareness, [...awareness.states.keys()]))
  return encoding.toUint8Array(encoder)
}

describe('an account', () => {
  test('greets with when it was last here, tells of activity elsewhere, and carries read positions to the others [R1]', async () => {
    const id = await newGroup()
    const [a, b] = [await device(alice), await device(bob)]
    const [mine, conversation] = [b.account(), a.conversation(id)]
    await mine.until(() => mine.stateless.some((message) => message.type === 'hello'))
    await conversation.until(() => conversation.provider.isSynced)
    a.intend(say(id, 'hey'))
    await mine.until(() =>
      mine.stateless.some((message) => message['conversation'] === id && message['seq'] === 4),
    )
    accountRoots(mine.doc).reads.set(id, 4)
    await conversation.until(() =>
      conversation.stateless.some(
        ({ type, reads }) => type === 'reads' && (reads as Record<string, number>)[bob] === 4,
      ),
    )
    accountRoots(mine.doc).reads.set(id, 2)
    accountRoots(mine.doc).reads.set(await newGroup(), 1e9)
    expect(await server.core.positions.of(id)).toMatchObject({ [bob]: 4 })
  })

  test('[S5] grows to its limit and no further', async () => {
    const a = await device(alice)
    const account = a.account()
    await account.until(() => account.provider.isSynced)
    accountRoots(account.doc).drafts.set(group, 'x'.repeat(5 * 1024 * 1024))
    await account.until(() => account.closed.length > 0)
    expect(account.closed).toEqual(['too_large'])
    const other = (await device(alice)).account()
    await other.until(() => other.provider.isSynced)
    expect(accountRoots(other.doc).drafts.has(group)).toBe(false)
  })

  test('[N4] [N5] a stop while people write leaves nothing half done: no save comes after it, and nothing accepted is lost', async () => {
    const people = await addPeople(db.pool, 6)
    const id = newId<ConversationId>()
    await server.core.handler.handle(people[0] as UserId, [createGroup(id, people.slice(1))])
    const lines: string[] = []
    const ownDb = openDatabase({ url: db.url, logger: createLogger('silent') })
    const own = await startSyncServer(
      ownDb,
      undefined,
      createLogger('warn', { write: (line) => void lines.push(line) }),
    )
    const writers = await Promise.all(
      people.map(async (user) => {
        const { token } = await own.auth.tokens.create(user, 'test')
        return { user, token, device: connectDevice(own.url, user, token) }
      }),
    )
    await Promise.all(
      writers.map(async ({ device: each }) => {
        await each.account().until(() => each.account().provider.isSynced)
        await each.conversation(id).until(() => each.conversation(id).provider.isSynced)
      }),
    )
    const commands = writers.map(({ device: each }, n) => {
      const command = say(id, `${n}`)
      accountRoots(each.account().doc).drafts.set(id, `draft ${n}`)
      each.intend(command)
      return command
    })
    await writers[0]?.device.account().until(() => outbox(writers[0]!.device.account()).length === 0)
    await own.close()
    await ownDb.close()
    expect(lines).toEqual([])
    // Whose command has left the outbox, theirs is in the log.
    const said = new Set((await eventsAfter(db.kysely, id, 0, 1_000)).map((event) => event.id))
    for (const [n, { device: each }] of writers.entries()) {
      if (outbox(each.account()).length === 0) expect(said.has(commands[n]!.id)).toBe(true)
      each.close()
    }
    expect(said.has(commands[0]!.id)).toBe(true)
  })

  test('[N4] what was accepted is there after a stop and a start', async () => {
    const [dave] = (await addPeople(db.pool, 1)) as [UserId]
    const id = newId<ConversationId>()
    await server.core.handler.handle(dave, [createGroup(id)])
    const own = await startSyncServer(db)
    const { token } = await server.auth.tokens.create(dave, 'test')
    const before = connectDevice(own.url, dave, token)
    accountRoots(before.account().doc).drafts.set(id, 'half a thought')
    before.intend(say(id, 'whole'))
    const seen = before.conversation(id)
    await seen.until(() => texts(seen).length === 1)
    await own.close()
    before.close()
    const after = await device(dave)
    await after.account().until(() => accountRoots(after.account().doc).drafts.get(id) === 'half a thought')
    const again = after.conversation(id)
    await again.until(() => texts(again).length === 1)
    expect(state(again)).toEqual(state(seen))
  })
})
