import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import {
  accountDocument,
  accountRoots,
  applyEvents,
  type ConversationId,
  conversationDocument,
  conversationRoots,
  type Event,
  type EventId,
  lastSeqOf,
  LOG_CLIENT_ID,
  newId,
  type PresenceSeen,
  type Rejection,
} from '@parley/protocol'
import { createEncoder, toUint8Array, writeAny, writeVarString, writeVarUint } from 'lib0/encoding'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { addAccounts, type TestAccount } from '../kit/accounts.ts'
import { useDatabase } from '../kit/database.ts'
import {
  authFrame,
  awarenessFrame,
  awarenessUpdate,
  closeFrame,
  FRAME,
  statelessFrame,
  syncReplyFrame,
  syncStep1Frame,
  syncStep2Frame,
  updateFrame,
} from '../kit/frames.ts'
import { SHIPPED_ENV } from '../kit/limits.ts'
import { RawPeer } from '../kit/raw-peer.ts'
import { type ServerProcess, startServerProcess } from '../kit/server-process.ts'

/**
 * Ana and Ben talk in `open`, of which Mallory is a member too, and in `closed`, of which she is not.
 * Whatever she sends: both documents stay what their logs make of them, the honest connections stay
 * up, and what Ana says next reaches Ben.
 */
const database = useDatabase()
let server: ServerProcess
let ana: TestAccount
let ben: TestAccount
let mallory: TestAccount
const open = newId<ConversationId>()
const closed = newId<ConversationId>()
const openName = conversationDocument(open)
const closedName = conversationDocument(closed)

/** Honest people are on the stock provider, as any program may be. */
class Honest {
  readonly account = new Y.Doc()
  readonly documents = new Map<string, Y.Doc>()
  readonly providers = new Map<string, HocuspocusProvider>()
  readonly stateless: string[] = []
  interruptions = 0
  readonly #socket: HocuspocusProviderWebsocket
  readonly #who: TestAccount

  constructor(who: TestAccount) {
    this.#who = who
    this.#socket = new HocuspocusProviderWebsocket({ url: `${server.url.replace('http', 'ws')}/sync` })
    this.#socket.on('disconnect', () => (this.interruptions += 1))
  }

  async attach(name: string, document = new Y.Doc()): Promise<Y.Doc> {
    const provider = new HocuspocusProvider({
      websocketProvider: this.#socket,
      name,
      document,
      token: this.#who.token,
    })
    this.documents.set(name, document)
    this.providers.set(name, provider)
    provider.on('stateless', ({ payload }: { payload: string }) => this.stateless.push(payload))
    await new Promise<void>((resolve, reject) => {
      provider.on('synced', () => resolve())
      provider.on('authenticationFailed', ({ reason }: { reason: string }) => reject(new Error(reason)))
      provider.attach()
    })
    provider.on('close', () => (this.interruptions += 1))
    return document
  }

  say(conversation: ConversationId, text: string): EventId {
    const id = newId<EventId>()
    accountRoots(this.account).outbox.push([
      { id, type: 'message.send', createdAt: Date.now(), conversation, text },
    ])
    return id
  }

  /** Resolves when the event is in the document. */
  async sees(name: string, id: EventId): Promise<void> {
    const doc = this.documents.get(name) as Y.Doc
    const has = (): boolean =>
      conversationRoots(doc)
        .events.toArray()
        .some((event) => event.id === id)
    while (!has()) await new Promise((resolve) => doc.once('update', resolve))
  }

  states(name: string): PresenceSeen[] {
    const awareness = this.providers.get(name)?.awareness
    return [...(awareness?.getStates().entries() ?? [])]
      .filter(([client]) => client !== awareness?.clientID)
      .map(([, state]) => state as PresenceSeen)
  }

  close(): void {
    this.interruptions = 0
    for (const provider of this.providers.values()) provider.destroy()
    this.#socket.destroy()
  }
}

let honestAna: Honest
let honestBen: Honest
let attacker: RawPeer

beforeAll(async () => {
  server = await startServerProcess({
    ...SHIPPED_ENV,
    // Whoever says nothing else comes from this machine.
    TRUST_PROXY: '1',
    DATABASE_URL: database.url,
    DATA_DIR: tmpdir(),
  })
  ;[ana, ben, mallory] = (await addAccounts(database.pool, ['Ana', 'Ben', 'Mallory'])) as [
    TestAccount,
    TestAccount,
    TestAccount,
  ]
  honestAna = new Honest(ana)
  honestBen = new Honest(ben)
  await honestAna.attach(accountDocument(ana.id), honestAna.account)
  await honestBen.attach(accountDocument(ben.id), honestBen.account)
  const create = (conversation: ConversationId, members: TestAccount[]) => ({
    id: newId(),
    type: 'conversation.create',
    createdAt: Date.now(),
    conversation,
    kind: 'group',
    title: 'A group',
    members: members.map(({ id }) => id),
  })
  const { outbox } = accountRoots(honestAna.account)
  outbox.push([create(open, [ben, mallory]), create(closed, [ben])])
  while (outbox.length > 0) await new Promise((resolve) => honestAna.account.once('update', resolve))
  for (const honest of [honestAna, honestBen])
    for (const name of [openName, closedName]) await honest.attach(name)
})

afterAll(async () => {
  honestAna.close()
  honestBen.close()
  await server.stop()
})

beforeEach(async () => {
  attacker = await RawPeer.connect(server.url)
})
afterEach(() => attacker.close())

async function logOf(conversation: ConversationId): Promise<Event[]> {
  const { rows } = await database.pool.query<Event & { payload: object }>(
    `SELECT seq, id, type, author, at, hash, payload FROM events WHERE conversation = $1 ORDER BY seq`,
    [conversation],
  )
  return rows.map(({ payload, ...envelope }) => ({ ...envelope, ...payload }))
}

const bytesOf = (doc: Y.Doc): string => Buffer.from(Y.encodeStateAsUpdate(doc)).toString('base64')

/** A document as the server holds it now, over a connection of its own. */
async function servedBytes(name: string): Promise<string> {
  const peer = await RawPeer.connect(server.url)
  await peer.open(name, ben.token)
  peer.send(syncStep1Frame(name, new Uint8Array([0])))
  const { bytes } = await peer.next('sync', ({ document, step }) => document === name && step === 1)
  peer.close()
  const doc = new Y.Doc()
  Y.applyUpdate(doc, bytes)
  return bytesOf(doc)
}

/** What must hold after every attack, whatever it was. */
async function nobodyNoticed(): Promise<void> {
  for (const [conversation, name] of [
    [open, openName],
    [closed, closedName],
  ] as const) {
    const id = honestAna.say(conversation, 'Still here')
    await Promise.all([honestAna.sees(name, id), honestBen.sees(name, id)])
    const log = await logOf(conversation)
    expect(log.every(({ author }) => author === ana.id)).toBe(true)
    const rebuilt = new Y.Doc()
    applyEvents(rebuilt, log)
    for (const honest of [honestAna, honestBen]) {
      const doc = honest.documents.get(name) as Y.Doc
      expect(conversationRoots(doc).events.toArray()).toEqual(conversationRoots(rebuilt).events.toArray())
    }
    expect(await servedBytes(name)).toBe(bytesOf(rebuilt))
  }
  expect([honestAna.interruptions, honestBen.interruptions]).toEqual([0, 0])
  // Signal 0 only asks whether the process is there.
  expect(process.kill(server.pid, 0)).toBe(true)
}

/** An update by a client of any id, on top of what a document holds. */
function forged(doc: Y.Doc, clientId: number, write: (copy: Y.Doc) => void): Uint8Array {
  const copy = new Y.Doc()
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc))
  copy.clientID = clientId
  const before = Y.encodeStateVector(copy)
  copy.transact(() => write(copy))
  return Y.encodeStateAsUpdate(copy, before)
}

const fakeEvent = (doc: Y.Doc): Event => ({
  seq: lastSeqOf(doc) + 1,
  id: newId(),
  type: 'message',
  author: ana.id,
  at: Date.now(),
  hash: 'A'.repeat(22),
  text: 'I owe Mallory a million',
  writtenAt: Date.now(),
})

describe('[S1] no client writes a conversation document, whatever bytes it sends', () => {
  const writes: [string, (doc: Y.Doc) => Uint8Array][] = [
    [
      'pushes an event in another’s name',
      (doc) => forged(doc, 77, (d) => conversationRoots(d).events.push([fakeEvent(d)])),
    ],
    [
      'pushes with the log’s own client id',
      (doc) => forged(doc, LOG_CLIENT_ID, (d) => conversationRoots(d).events.push([fakeEvent(d)])),
    ],
    [
      'deletes everything that was said',
      (doc) =>
        forged(doc, 77, (d) => conversationRoots(d).events.delete(0, conversationRoots(d).events.length)),
    ],
    [
      'makes itself owner',
      (doc) =>
        forged(doc, 77, (d) => conversationRoots(d).members.set(mallory.id, { role: 'owner', since: 1 })),
    ],
    [
      'renames the group',
      (doc) => forged(doc, LOG_CLIENT_ID, (d) => conversationRoots(d).meta.set('title', 'Owned')),
    ],
    ['adds a root of its own', (doc) => forged(doc, 77, (d) => d.getMap('mine').set('x', 1))],
    ['continues the log’s client far ahead, to be there first', (doc) => aheadOf(doc)],
  ]
  const doors: [string, (name: string, update: Uint8Array) => Uint8Array][] = [
    ['an update', updateFrame],
    ['sync step 2', syncStep2Frame],
    ['a sync reply', syncReplyFrame],
  ]
  test.each(
    writes.flatMap(([what, update]) => doors.map(([by, frame]) => [what, by, update, frame] as const)),
  )('%s, by %s', async (_what, _by, update, frame) => {
    expect(await attacker.open(openName, mallory.token)).toEqual({ granted: true, reason: 'readonly' })
    attacker.send(frame(openName, update(honestAna.documents.get(openName) as Y.Doc)))
    await attacker.settled(openName)
    await nobodyNoticed()
  })

  function aheadOf(doc: Y.Doc): Uint8Array {
    const copy = new Y.Doc()
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc))
    copy.clientID = LOG_CLIENT_ID
    for (let i = 0; i < 300; i++) conversationRoots(copy).events.push([fakeEvent(copy)])
    return Y.encodeStateAsUpdate(copy)
  }

  test('writes before it was let in, and to a document it never opened', async () => {
    const update = forged(honestAna.documents.get(openName) as Y.Doc, 77, (d) =>
      conversationRoots(d).events.push([fakeEvent(d)]),
    )
    attacker.send(
      updateFrame(openName, update),
      syncStep2Frame(closedName, update),
      updateFrame(closedName, update),
    )
    expect((await attacker.open(openName, mallory.token)).granted).toBe(true)
    attacker.send(updateFrame(closedName, update))
    await attacker.settled(openName)
    await nobodyNoticed()
  })
})

describe('[S2] nobody learns of a conversation or an account that is not theirs', () => {
  test('an unknown conversation, a foreign one, a foreign account and no document at all are one answer', async () => {
    const names = [
      closedName,
      conversationDocument(newId()),
      accountDocument(ana.id),
      accountDocument(newId()),
      'nothing',
      '',
      'conversation/',
      `${closedName}/x`,
    ]
    for (const name of names)
      expect(await attacker.open(name, mallory.token)).toEqual({ granted: false, reason: 'forbidden' })
    expect(attacker.answers.filter(({ type }) => type !== 'auth' && type !== 'close')).toEqual([])
    await nobodyNoticed()
  })

  test('a name with a session behind it leads to the same document, with the same rights', async () => {
    for (const name of [`${closedName}\0x`, `${accountDocument(ana.id)}\0x`])
      expect((await attacker.open(name, mallory.token)).granted).toBe(false)
    expect(await attacker.open(`${openName}\0x`, mallory.token)).toEqual({
      granted: true,
      reason: 'readonly',
    })
    attacker.send(
      updateFrame(
        `${openName}\0x`,
        forged(honestAna.documents.get(openName) as Y.Doc, 77, (d) => d.getMap('meta').set('title', 'x')),
      ),
    )
    await attacker.settled(`${openName}\0x`)
    await nobodyNoticed()
  })

  test('a wrong token, an empty one and somebody’s id as a token open nothing', async () => {
    for (const token of ['', 'parley_wrong', ana.id, `${ana.token}x`, '\0'])
      expect((await attacker.open(openName, token)).granted).toBe(false)
    await nobodyNoticed()
  })

  test('a second, better token does not change who a socket is', async () => {
    expect((await attacker.open(openName, mallory.token)).granted).toBe(true)
    attacker.send(authFrame(openName, ana.token))
    expect((await attacker.open(closedName, ana.token)).granted).toBe(false)
    await nobodyNoticed()
  })
})

describe('[S3] the author of an event is the person of the connection', () => {
  /** Puts entries into Mallory's own outbox and answers what the server made of them. */
  async function give(entries: readonly unknown[], clientId?: number): Promise<Map<string, Rejection>> {
    const name = accountDocument(mallory.id)
    const peer = await RawPeer.connect(server.url)
    try {
      expect((await peer.open(name, mallory.token)).granted).toBe(true)
      const doc = new Y.Doc()
      peer.send(syncStep1Frame(name, new Uint8Array([0])))
      Y.applyUpdate(
        doc,
        (await peer.next('sync', ({ document, step }) => document === name && step === 1)).bytes,
      )
      const known = new Set(accountRoots(doc).rejections.keys())
      peer.send(
        updateFrame(
          name,
          forged(doc, clientId ?? doc.clientID, (d) => accountRoots(d).outbox.push([...entries])),
        ),
      )
      for (let seen = peer.answers.length; ;) {
        const { bytes } = await peer.next('sync', ({ step }) => step !== 0, seen)
        seen = peer.answers.findIndex((answer) => answer.type === 'sync' && answer.bytes === bytes) + 1
        Y.applyUpdate(doc, bytes)
        const fresh = [...accountRoots(doc).rejections.entries()].filter(([id]) => !known.has(id))
        if (fresh.length >= entries.length) return new Map(fresh)
      }
    } finally {
      peer.close()
    }
  }
  const message = (conversation: ConversationId, more: object = {}) => ({
    id: newId<EventId>(),
    type: 'message.send',
    createdAt: Date.now(),
    conversation,
    text: 'Signed, Ana',
    ...more,
  })

  test('an author in an outbox entry is refused, and so is any field nobody knows', async () => {
    for (const more of [
      { author: ana.id },
      { seq: 1 },
      { at: 5 },
      { hash: 'A'.repeat(22) },
      { role: 'owner' },
    ])
      for (const rejection of (await give([message(open, more)])).values())
        expect(rejection.code).toBe('invalid')
    await nobodyNoticed()
  })

  test('[S2] a message to a foreign conversation is refused in the same words as one to an unknown', async () => {
    const rejections = await give([message(closed), message(newId())])
    const [foreign, unknown] = [...rejections.values()].map(({ code, message: words }) => ({ code, words }))
    expect(foreign?.code).toBe('forbidden')
    expect(foreign).toEqual(unknown)
    await nobodyNoticed()
  })

  test('what is no command is refused, one by one, and the next still counts [C2]', async () => {
    const entries = [
      null,
      7,
      'x',
      true,
      [],
      {},
      { type: 'message.send' },
      message(open, { text: 'a\0b' }),
      new Uint8Array(9),
    ]
    const rejections = await give(entries)
    expect([...rejections.values()].every(({ code }) => code === 'invalid')).toBe(true)
    await nobodyNoticed()
  })

  test('shared types and documents inside an entry are refused', async () => {
    const map = new Y.Map([['type', 'message.send']])
    const text = new Y.Text('hello')
    const rejections = await give([map, text, new Y.Doc()])
    expect(rejections.size).toBe(3)
    await nobodyNoticed()
  })

  test('the log’s client id, squatted in the account document, gives no rights anywhere', async () => {
    const rejections = await give([message(closed), { ...message(open), author: ana.id }], LOG_CLIENT_ID)
    expect(rejections.size).toBe(2)
    await nobodyNoticed()
  })

  test.each([500, 2_000, 5_000, 10_000, 50_000])('an entry nested %i deep harms nobody', async (depth) => {
    const name = accountDocument(mallory.id)
    expect((await attacker.open(name, mallory.token)).granted).toBe(true)
    attacker.send(updateFrame(name, nestedUpdate(depth)))
    await attacker.settled(name)
    await nobodyNoticed()
    // Mallory herself is still served, in a new connection, once her entry was judged or thrown out.
    const again = await RawPeer.connect(server.url)
    expect((await again.open(openName, mallory.token)).granted).toBe(true)
    again.close()
  })

  /** An update that pushes one deeply nested array, encoded by hand: a recursive encoder would not get there. */
  function nestedUpdate(depth: number): Uint8Array {
    const encoder = createEncoder()
    writeVarUint(encoder, 1) // clients
    writeVarUint(encoder, 1) // structs
    writeVarUint(encoder, 1 + Math.floor(Math.random() * 2 ** 30)) // client
    writeVarUint(encoder, 0) // clock
    writeVarUint(encoder, 8) // ContentAny, no origins
    writeVarUint(encoder, 1) // parent is a root type
    writeVarString(encoder, 'outbox')
    writeVarUint(encoder, 1) // one item
    const outer = toUint8Array(encoder)
    const inner = createEncoder()
    writeAny(inner, 'x')
    const nest = new Uint8Array(depth * 2)
    for (let i = 0; i < depth; i++) nest.set([117, 1], i * 2) // an array of one
    return new Uint8Array([...outer, ...nest, ...toUint8Array(inner), 0]) // no deletions
  }
})

describe('[S3] the person behind a typing sign is the one of the connection', () => {
  const says = async (...states: { client: number; clock: number; state: unknown }[]): Promise<void> => {
    attacker.send(awarenessFrame(openName, awarenessUpdate(states)))
    await attacker.settled(openName)
  }
  const seenByBen = (): PresenceSeen[] => honestBen.states(openName)

  test('a forged name is replaced, and fields nobody knows are dropped', async () => {
    await attacker.open(openName, mallory.token)
    await says({
      client: 9,
      clock: 1,
      state: { typing: true, user: { id: ana.id, name: 'Ana' }, cursor: 'x'.repeat(1000) },
    })
    await nobodyNoticed()
    const states = seenByBen().filter(({ user }) => user?.id === mallory.id)
    expect(states).toEqual([{ typing: true, user: { id: mallory.id, name: 'Mallory' } }])
  })

  test('another’s sign can be neither cleared nor changed', async () => {
    const awareness = honestAna.providers.get(openName)?.awareness
    awareness?.setLocalState({ typing: true })
    const anaState = { typing: true, user: { id: ana.id, name: 'Ana' } }
    while (!seenByBen().some(({ user }) => user?.id === ana.id))
      await new Promise((resolve) => honestBen.providers.get(openName)?.awareness?.once('change', resolve))
    const client = awareness?.clientID as number
    await attacker.open(openName, mallory.token)
    await says({ client, clock: 1_000, state: null })
    await says({ client, clock: 2_000, state: { typing: false, user: { id: ana.id } } })
    await says(
      { client, clock: 3_000, state: { typing: true } },
      { client: 12, clock: 1, state: { typing: true } },
    )
    await nobodyNoticed()
    expect(seenByBen()).toContainEqual(anaState)
    awareness?.setLocalState(null)
  })

  test('[S5] a connection has one state, however many ids it invents', async () => {
    await attacker.open(openName, mallory.token)
    await says(
      ...Array.from({ length: 5_000 }, (_, i) => ({ client: 1_000 + i, clock: 1, state: { typing: true } })),
    )
    for (let i = 0; i < 200; i++)
      attacker.send(
        awarenessFrame(openName, awarenessUpdate([{ client: 9_000 + i, clock: 1, state: { active: true } }])),
      )
    await attacker.settled(openName)
    await nobodyNoticed()
    expect(seenByBen().filter(({ user }) => user?.id === mallory.id).length).toBeLessThanOrEqual(1)
  })

  test('states that are not JSON, or are huge, or deeply nested, reach nobody', async () => {
    const texts = [
      '{',
      'not json',
      '"x"',
      '[]',
      '7',
      '['.repeat(200_000) + ']'.repeat(200_000),
      JSON.stringify({ typing: 'x'.repeat(2_000_000) }),
    ]
    for (const state of texts) {
      const peer = await RawPeer.connect(server.url)
      await peer.open(openName, mallory.token)
      peer.send(awarenessFrame(openName, awarenessUpdate([{ client: 31, clock: 1, state }])))
      await peer.settled(openName)
      peer.close()
    }
    await nobodyNoticed()
    expect(seenByBen().filter(({ user }) => user?.id === mallory.id)).toEqual([])
  })
})

describe('[S5] hostile bytes cost the sender and nobody else', () => {
  test('stateless messages of a client reach nobody', async () => {
    const before = honestBen.stateless.length
    for (const type of [FRAME.stateless, FRAME.broadcastStateless]) {
      const peer = await RawPeer.connect(server.url)
      await peer.open(openName, mallory.token)
      peer.send(
        statelessFrame(openName, '{"type":"reads","reads":{}}', type),
        statelessFrame(openName, 'not json', type),
      )
      await peer.settled(openName)
      peer.close()
    }
    await nobodyNoticed()
    expect(
      honestBen.stateless
        .slice(before)
        .filter((payload) => payload === 'not json' || payload === '{"type":"reads","reads":{}}'),
    ).toEqual([])
  })

  const update = (): Uint8Array =>
    forged(honestAna.documents.get(openName) as Y.Doc, 77, (d) => d.getMap('meta').set('title', 'x'))
  const giant = (...numbers: number[]): Uint8Array => {
    const encoder = createEncoder()
    for (const n of numbers) writeVarUint(encoder, n)
    return toUint8Array(encoder)
  }
  const bytes: [string, () => Uint8Array][] = [
    ['nothing', () => new Uint8Array()],
    ['one byte', () => new Uint8Array([255])],
    ['a name longer than the frame', () => giant(2 ** 40, 1)],
    [
      'a type nobody knows',
      () => new Uint8Array([...authFrame(openName, '').subarray(0, openName.length + 1), 99]),
    ],
    [
      'a sync step nobody knows',
      () => new Uint8Array([...authFrame(openName, '').subarray(0, openName.length + 1), 0, 9, 0]),
    ],
    ['an update cut in the middle', () => updateFrame(openName, update()).subarray(0, 60)],
    ['an update whose inside is cut', () => updateFrame(openName, update().subarray(0, 9))],
    ['sync step 2 whose inside is cut', () => syncStep2Frame(openName, update().subarray(0, 9))],
    ['a state vector of 2⁵⁰ clients', () => syncStep1Frame(openName, giant(2 ** 50, 1, 1))],
    ['sync step 2 of 2⁵⁰ clients', () => syncStep2Frame(openName, giant(2 ** 50, 1, 1, 0))],
    ['sync step 2 of 2⁵⁰ structs', () => syncStep2Frame(openName, giant(1, 2 ** 50, 5, 0))],
    [
      'sync step 2 with a run of 2⁵⁰ deletions',
      () => syncStep2Frame(openName, giant(0, 1, LOG_CLIENT_ID, 2 ** 50)),
    ],
    ['an awareness update of 2⁵⁰ clients', () => awarenessFrame(openName, giant(2 ** 50, 1, 1))],
    ['an awareness update cut short', () => awarenessFrame(openName, new Uint8Array([3, 1]))],
    ['a hundred random bytes', () => randomBytes(100)],
    [
      'random bytes behind a right name',
      () => new Uint8Array([...closeFrame(openName).subarray(0, openName.length + 1), ...randomBytes(500)]),
    ],
    ['a name of a megabyte', () => authFrame('x'.repeat(1_000_000), 'y')],
  ]
  test.each(bytes)('%s', async (_what, make) => {
    await attacker.open(openName, mallory.token)
    attacker.send(make())
    await attacker.settled(openName)
    await nobodyNoticed()
  })

  const accountBytes: [string, () => Uint8Array][] = [
    ['2⁵⁰ structs', () => giant(1, 2 ** 50, 5, 0)],
    ['an array for 33 million structs', () => giant(1, 33_000_000, 5, 0)],
    ['a run of 2⁵⁰ deleted entries', () => giant(1, 1, 5, 0, 1, 1, 6, 2 ** 50, 0)],
    ['structs that wait for others that never come', () => giant(1, 1, 5, 2 ** 30, 0, 3, 0)],
    ['random bytes', () => randomBytes(300)],
  ]
  test.each(accountBytes)('its own account document, with %s', async (_what, make) => {
    const name = accountDocument(mallory.id)
    await attacker.open(name, mallory.token)
    attacker.send(updateFrame(name, make()))
    await attacker.settled(name)
    await nobodyNoticed()
    const again = await RawPeer.connect(server.url)
    expect((await again.open(openName, mallory.token)).granted).toBe(true)
    again.close()
  })

  test('random frames, many of them, each on a connection of its own', async () => {
    for (let i = 0; i < 40; i++) {
      const peer = await RawPeer.connect(server.url)
      await peer.open(openName, mallory.token)
      const frame = updateFrame(openName, update())
      for (let n = 0; n < 5; n++)
        frame[Math.floor(Math.random() * frame.length)] = Math.floor(Math.random() * 256)
      peer.send(frame)
      await peer.settled(openName)
      peer.close()
    }
    await nobodyNoticed()
  })

  test('text where bytes belong, and a frame larger than the limit, end the socket', async () => {
    attacker.send('hello')
    expect((await attacker.untilClosed()).code).toBe(4400)
    const peer = await RawPeer.connect(server.url)
    await peer.open(openName, mallory.token)
    peer.send(new Uint8Array(9 * 1024 * 1024))
    expect((await peer.untilClosed()).code).toBe(1009)
    await nobodyNoticed()
  })

  test('a thousand documents asked for at once', async () => {
    for (let i = 0; i < 1_000; i++) attacker.send(authFrame(conversationDocument(newId()), mallory.token))
    await nobodyNoticed()
  })

  test('an account document that is filled to the brim', async () => {
    const name = accountDocument(mallory.id)
    await attacker.open(name, mallory.token)
    for (let i = 0; i < 12 && attacker.closed === undefined; i++) {
      const doc = new Y.Doc()
      doc.getMap('prefs').set(`x${i}`, 'x'.repeat(1024 * 1024))
      attacker.send(updateFrame(name, Y.encodeStateAsUpdate(doc)))
    }
    expect(await attacker.settled(name)).not.toBe('answered')
    await nobodyNoticed()
    const { rows } = await database.pool.query<{ bytes: number }>(
      `SELECT length(state) AS bytes FROM documents WHERE name = $1`,
      [name],
    )
    expect(rows[0]?.bytes ?? 0).toBeLessThan(5 * 1024 * 1024)
  })

  test('a reader that does not read loses its connection, and the rest go on', async () => {
    const slow = await RawPeer.connect(server.url)
    await slow.open(openName, mallory.token)
    slow.pause()
    for (let i = 0; i < 60; i++) slow.send(syncStep1Frame(openName, new Uint8Array([0])))
    await nobodyNoticed()
    slow.close()
  })
})

describe('[S5] floods, at the limits as they are shipped', () => {
  /** Sends all of them as fast as they go, and does not wait for what becomes of them. */
  const flood = (peer: RawPeer, count: number, frame: (n: number) => Uint8Array): void => {
    for (let n = 0; n < count; n += 1) peer.send(frame(n))
  }
  const typing = (n: number): Uint8Array =>
    awarenessFrame(
      openName,
      awarenessUpdate([{ client: 4_711, clock: n + 1, state: { typing: n % 2 === 0 } }]),
    )
  const draft = (n: number): Uint8Array => {
    const doc = new Y.Doc()
    accountRoots(doc).drafts.set(open, `${n}`.repeat(500))
    return updateFrame(accountDocument(mallory.id), Y.encodeStateAsUpdate(doc))
  }
  const floods: [string, () => string, (n: number) => Uint8Array][] = [
    ['typing', () => openName, typing],
    ['questions for a whole document', () => openName, () => syncStep1Frame(openName, new Uint8Array([0]))],
    ['drafts', () => accountDocument(mallory.id), draft],
    ['what nobody asked for', () => openName, () => statelessFrame(openName, 'x', FRAME.queryAwareness)],
  ]
  test.each(floods)('of %s', async (_what, name, frame) => {
    await attacker.open(name(), mallory.token)
    flood(attacker, 10_000, frame)
    await nobodyNoticed()
  })

  test('of guessed tokens', async () => {
    for (let socket = 0; socket < 20; socket += 1) {
      const peer = await RawPeer.connect(server.url, { 'X-Forwarded-For': '203.0.113.66' })
      flood(peer, 90, (n) => authFrame(`${openName}\0${n}`, `parley_guess${socket}.${n}`))
      peer.close()
    }
    await nobodyNoticed()
  })

  test('of commands: hers wait, and others’ do not', async () => {
    const name = accountDocument(mallory.id)
    await attacker.open(name, mallory.token)
    const doc = new Y.Doc()
    const before = Y.encodeStateVector(doc)
    accountRoots(doc).outbox.push(Array.from({ length: 3_000 }, () => ({ no: 'command' })))
    attacker.send(updateFrame(name, Y.encodeStateAsUpdate(doc, before)))
    expect(await attacker.settled(name)).toBe('answered')
    await nobodyNoticed()
  })
})

test('the server never said that it did not expect something', () => {
  expect(server.said()).not.toMatch(/unhandled|uncaught|FATAL|heap out of memory/i)
})
