import type { Account, MessageItem, TimelineView } from '@parley/client'
import { memoryStorage } from '@parley/client'
import type { ConversationId } from '@parley/protocol'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { addAccounts, type TestAccount } from '../kit/accounts.ts'
import { becomes, startDevice, type TestDevice, testNetwork } from '../kit/client.ts'
import { befriend } from '../kit/people.ts'
import { type ServerProcess, startServerProcess } from '../kit/server-process.ts'

let server: ServerProcess
let pool: pg.Pool
const devices: TestDevice[] = []
let count = 0

beforeAll(async () => {
  server = await startServerProcess()
  pool = new pg.Pool({ connectionString: server.databaseUrl })
})
afterAll(async () => {
  await pool.end()
  await server.stop()
  await server.dispose()
})
afterEach(() => {
  for (const { client } of devices.splice(0)) client.close()
})

const people = async (...names: string[]): Promise<TestAccount[]> => {
  count += 1
  return await addAccounts(
    pool,
    names.map((name) => `${name}${count}`),
  )
}
const device = async (
  account: TestAccount,
  more: Partial<Parameters<typeof startDevice>[0]> = {},
): Promise<TestDevice> => {
  const started = await startDevice({ url: server.url, token: account.token, ...more })
  devices.push(started)
  return started
}
const messages = ({ items }: TimelineView): MessageItem[] => items.filter((item) => item.kind === 'message')
const texts = (view: TimelineView): string[] => messages(view).map(({ text }) => text)
const areAllSaid = (view: TimelineView): boolean =>
  messages(view).every(({ place }) => place.state === 'said')
const isMemberOf = (account: Account, id: ConversationId) =>
  becomes(account.conversation(id), (view) => view?.standing === 'member')

/** Two people in one group, both looking at it. */
async function pair() {
  const [ana, ben] = await people('Ana', 'Ben')
  if (ana === undefined || ben === undefined) throw new Error('two accounts expected')
  const [a, b] = [await device(ana), await device(ben)]
  const { conversation } = a.account.createConversation({ kind: 'group', title: 'Trip', members: [ben.id] })
  await Promise.all([isMemberOf(a.account, conversation), isMemberOf(b.account, conversation)])
  const [timelineA, timelineB] = [a.account.timeline(conversation), b.account.timeline(conversation)]
  return { ana, ben, a, b, conversation, timelineA, timelineB }
}

test('[L2] what one says the other reads, once and in order', async () => {
  const { a, timelineA, timelineB, conversation } = await pair()
  const seen = becomes(timelineB, (view) => texts(view).length === 20)
  for (let n = 1; n <= 20; n += 1) a.account.send(conversation, { text: `hello ${n}` })
  expect(texts(await seen)).toEqual(Array.from({ length: 20 }, (_, index) => `hello ${index + 1}`))
  const own = await becomes(timelineA, (view) => texts(view).length === 20 && areAllSaid(view))
  expect(texts(own)).toEqual(texts(timelineB.get()))
})

test('[C1] a message keeps its identity from the key press to the answer: never twice, never away', async () => {
  const { a, timelineA, conversation } = await pair()
  const shown: string[][] = []
  const end = timelineA.subscribe(() => shown.push(messages(timelineA.get()).map(({ id }) => id)))
  const { id } = a.account.send(conversation, { text: 'once' })
  await becomes(timelineA, (view) => messages(view).some(({ place }) => place.state === 'said'))
  end()
  const fromFirst = shown.slice(shown.findIndex((ids) => ids.includes(id)))
  expect(fromFirst.length).toBeGreaterThan(1)
  expect(fromFirst.every((ids) => ids.length === 1 && ids[0] === id)).toBe(true)
  expect(
    await becomes(a.account.fate(id), (fate) => fate?.state === 'accepted' && fate.seq !== undefined),
  ).toBeDefined()
})

test('[C5][C2] what is written without a network, over a restart, arrives once and in order', async () => {
  const { ana, a, conversation, timelineB } = await pair()
  const seen = becomes(timelineB, (view) => texts(view).length === 11)
  a.account.send(conversation, { text: 'before' })
  await becomes(timelineB, (view) => texts(view).length === 1)
  await becomes(a.account.timeline(conversation), (view) => texts(view).length === 1 && areAllSaid(view))
  a.network.set(false)
  expect(a.account.link.get().state).toBe('offline')
  for (let n = 1; n <= 5; n += 1) await a.account.send(conversation, { text: `offline ${n}` }).saved
  a.client.close()

  const network = testNetwork(false)
  const again = await device(ana, { storage: a.storage, network })
  const view = await becomes(again.account.timeline(conversation), (each) => texts(each).length === 6)
  expect(texts(view)).toEqual(['before', ...Array.from({ length: 5 }, (_, index) => `offline ${index + 1}`)])
  expect(
    messages(view)
      .slice(1)
      .map(({ place }) => place),
  ).toEqual(Array.from({ length: 5 }, () => ({ state: 'pending', fate: { state: 'saved' } })))
  expect(again.account.conversation(conversation).get()).toMatchObject({ title: 'Trip', pending: 5 })
  for (let n = 6; n <= 10; n += 1) again.account.send(conversation, { text: `offline ${n}` })
  network.set(true)
  expect(texts(await seen).slice(1)).toEqual(Array.from({ length: 10 }, (_, index) => `offline ${index + 1}`))
  await becomes(again.account.commands, (commands) => commands.length === 0)
})

test('[C5] a group made without a network can be written into at once, and its first words follow it', async () => {
  const [ana, ben] = await people('Ana', 'Ben')
  if (ana === undefined || ben === undefined) throw new Error('two accounts expected')
  const [a, b] = [await device(ana), await device(ben)]
  await becomes(a.account.link, ({ state }) => state === 'live')
  a.network.set(false)
  const { conversation } = a.account.createConversation({ kind: 'group', title: 'Later', members: [ben.id] })
  a.account.send(conversation, { text: 'first words' })
  expect(await becomes(a.account.conversation(conversation), (view) => view !== undefined)).toMatchObject({
    title: 'Later',
    standing: 'creating',
    lastLine: { state: 'pending', text: 'first words' },
  })
  a.network.set(true)
  await isMemberOf(b.account, conversation)
  const view = await becomes(b.account.timeline(conversation), (each) => texts(each).length === 1)
  expect(texts(view)).toEqual(['first words'])
  await isMemberOf(a.account, conversation)
})

test('[C3] a refused command says why, waits, and can be given again under its own id', async () => {
  const { a, b, conversation, timelineB } = await pair()
  a.account.updateConversation(conversation, { archived: true })
  await becomes(b.account.conversation(conversation), (view) => view?.archived === true)
  const { id } = b.account.send(conversation, { text: 'too late' })
  expect(await becomes(b.account.fate(id), (fate) => fate?.state === 'refused')).toMatchObject({
    code: 'archived',
  })
  expect(await becomes(b.account.conversation(conversation), (view) => view?.refused === 1)).toMatchObject({
    pending: 0,
  })
  a.account.updateConversation(conversation, { archived: false })
  await becomes(b.account.conversation(conversation), (view) => view?.archived === false)
  await b.account.retry(id)
  await becomes(b.account.fate(id), (fate) => fate?.state === 'accepted')
  expect(
    messages(await becomes(timelineB, (view) => texts(view).length === 1 && areAllSaid(view)))[0]?.id,
  ).toBe(id)
})

test('[R4][L7] a device that was away through thousands of events has them all afterwards', async () => {
  const { ben, a, b, conversation, timelineA } = await pair()
  await becomes(b.account.timeline(conversation), (view) => !view.hasOlder && view.loading === 'none')
  b.client.close()
  for (let n = 1; n <= 1500; n += 1) a.account.send(conversation, { text: `while away ${n}` })
  await becomes(a.account.commands, (commands) => commands.length === 0)
  const back = await device(ben, { storage: b.storage })
  const { total } = await becomes(
    back.account.history,
    ({ held, total, isFilling }) => held === total && total > 1500 && !isFilling,
  )
  const timeline = back.account.timeline(conversation)
  const view = await becomes(timeline, ({ items, loading }) => items.length > 0 && loading === 'none')
  expect(view.fault).toBeUndefined()
  expect(view.lastSeq).toBe(total)
  const fresh = await device(ben, { storage: memoryStorage() })
  const complete = await becomes(
    fresh.account.history,
    ({ held, total: all }) => held === all && all === total,
  )
  expect(complete.total).toBe(total)
  await becomes(timelineA, (each) => texts(each).at(-1) === 'while away 1500')
}, 60_000)

test('[R1][R2] unread counts follow the log and the read position, on all devices of a person', async () => {
  const { ben, a, b, conversation } = await pair()
  const phone = await device(ben)
  await isMemberOf(phone.account, conversation)
  a.account.send(conversation, { text: 'one' })
  a.account.send(conversation, { text: 'two', mentions: [ben.id] })
  const view = await becomes(b.account.conversation(conversation), (each) => each?.unread === 2)
  expect(view?.mentions).toBe(1)
  await becomes(phone.account.conversation(conversation), (each) => each?.unread === 2)
  b.account.markRead(conversation, view?.lastSeq ?? 0)
  await becomes(phone.account.conversation(conversation), (each) => each?.unread === 0 && each.mentions === 0)
  phone.account.markRead(conversation, 1)
  expect(phone.account.conversation(conversation).get()?.unread).toBe(0)
  await becomes(a.account.reads(conversation), (reads) => reads.get(ben.id) === view?.lastSeq)
})

test('[S3] typing and presence show who it is, and end', async () => {
  const { ana, a, b, conversation } = await pair()
  const endA = a.account.presence(conversation).subscribe(() => undefined)
  const presence = b.account.presence(conversation)
  expect((await becomes(presence, ({ active }) => active.length === 1)).active[0]?.id).toBe(ana.id)
  const endB = presence.subscribe(() => undefined)
  a.account.typing(conversation)
  expect((await becomes(presence, ({ typing }) => typing.length === 1)).typing).toEqual([
    { id: ana.id, name: ana.name },
  ])
  a.account.send(conversation, { text: 'said' })
  await becomes(presence, ({ typing }) => typing.length === 0)
  endA()
  await becomes(presence, ({ active }) => active.length === 0)
  endB()
})

test('[N1] a server that is killed and started again is found again, and nothing is lost or doubled', async () => {
  const { a, conversation, timelineB } = await pair()
  const seen = becomes(timelineB, (view) => texts(view).length >= 40)
  for (let n = 1; n <= 20; n += 1) a.account.send(conversation, { text: `${n}` })
  await server.kill()
  for (let n = 21; n <= 40; n += 1) a.account.send(conversation, { text: `${n}` })
  await server.start()
  expect(texts(await seen)).toEqual(Array.from({ length: 40 }, (_, index) => `${index + 1}`))
}, 60_000)

test('[S4] who is removed keeps what the device holds, and it says that they have left', async () => {
  const { ben, a, b, conversation } = await pair()
  a.account.send(conversation, { text: 'still yours' })
  await becomes(b.account.timeline(conversation), (view) => texts(view).length === 1)
  a.account.removeMember(conversation, ben.id)
  await becomes(b.account.conversation(conversation), (view) => view?.standing === 'left')
  a.account.send(conversation, { text: 'not for you' })
  await becomes(a.account.commands, (commands) => commands.length === 0)
  expect(texts(b.account.timeline(conversation).get())).toEqual(['still yours'])
  a.account.addMember(conversation, ben.id)
  await isMemberOf(b.account, conversation)
  expect(texts(await becomes(b.account.timeline(conversation), (view) => texts(view).length === 2))).toEqual([
    'still yours',
    'not for you',
  ])
})

test('[L7] a log that was changed behind the server is noticed, said, and taken only when the person says so', async () => {
  const { a, ben, conversation } = await pair()
  for (let n = 1; n <= 300; n += 1) a.account.send(conversation, { text: `${n}` })
  await becomes(a.account.history, ({ held, isFilling }) => held === 303 && !isFilling)
  await pool.query(
    `UPDATE events SET payload = jsonb_set(payload, '{text}', '"forged"') WHERE conversation = $1 AND seq = 20`,
    [conversation],
  )
  const fresh = await device(ben)
  const view = await becomes(fresh.account.conversation(conversation), (each) => each?.fault !== undefined)
  expect(view?.fault).toEqual({ fault: 'hash', seq: 20 })
  expect(a.account.conversation(conversation).get()?.fault).toBeUndefined()
  await becomes(fresh.account.conversation(conversation), (each) => each?.fault?.fault === 'altered')
  await fresh.account.takeServersLog(conversation)
  await becomes(fresh.account.history, ({ isComplete }) => isComplete)
  expect(fresh.account.conversation(conversation).get()?.fault).toBeUndefined()
})

test('[S4] a session that is ended says so, keeps everything, and loses nothing that was not sent', async () => {
  const { ana, a, conversation, timelineB } = await pair()
  a.account.send(conversation, { text: 'said' })
  await becomes(timelineB, (view) => texts(view).length === 1)
  await becomes(a.account.timeline(conversation), areAllSaid)
  const tokens = await a.account.api.tokens()
  if (!tokens.ok || tokens.value[0] === undefined) throw new Error('a token expected')
  await a.account.api.deleteToken(tokens.value[0].id)
  await becomes(a.client.session, ({ state }) => state === 'expired')
  expect(a.account.link.get()).toEqual({ state: 'refused', code: 'unauthenticated' })
  const { id } = a.account.send(conversation, { text: 'not lost' })
  expect(await becomes(a.account.fate(id), (fate) => fate?.state === 'saved')).toBeDefined()
  expect(await a.client.signOut({ discardUnsent: false })).toEqual({ done: false, unsent: 1 })
  a.client.close()
  const network = testNetwork(false)
  const again = await device(ana, { storage: a.storage, network })
  const view = await becomes(again.account.timeline(conversation), (each) => texts(each).length === 2)
  expect(texts(view)).toEqual(['said', 'not lost'])
  expect(await again.client.signOut({ discardUnsent: true })).toEqual({ done: true })
  expect(again.client.session.get()).toEqual({ state: 'signed-out' })
})

test('more conversations than one socket may open at once are all heard of', async () => {
  const [ana, ben] = await people('Ana', 'Ben')
  if (ana === undefined || ben === undefined) throw new Error('two accounts expected')
  const a = await device(ana)
  const made = Array.from({ length: 130 }, (_, index) =>
    a.account.createConversation({ kind: 'group', title: `Group ${index}`, members: [ben.id] }),
  )
  await becomes(a.account.commands, (commands) => commands.length === 0)
  const b = await device(ben)
  await becomes(
    b.account.conversations,
    (list) => list.state === 'known' && list.conversations.length === 130,
  )
  await becomes(b.account.history, ({ held, total }) => held === total && total === 130 * 3)
  for (const { conversation } of made) a.account.send(conversation, { text: 'to all' })
  await becomes(
    b.account.conversations,
    (list) => list.state === 'known' && list.conversations.every(({ unread }) => unread === 1),
  )
  const oldest = made[0]?.conversation
  if (oldest === undefined) throw new Error('a group expected')
  expect(texts(await becomes(b.account.timeline(oldest), (view) => texts(view).length === 1))).toEqual([
    'to all',
  ])
  expect(b.account.link.get().state).toBe('live')
}, 60_000)

test('two friends open their conversation on both sides and get one', async () => {
  const [ana, ben] = await people('Ana', 'Ben')
  if (ana === undefined || ben === undefined) throw new Error('two accounts expected')
  await befriend(pool, ana.id, ben.id)
  const [a, b] = [await device(ana), await device(ben)]
  const [one, two] = [a.account.openDirect(ben.id), b.account.openDirect(ana.id)]
  expect(one.conversation).toBe(two.conversation)
  a.account.send(one.conversation, { text: 'hi' })
  expect(await becomes(b.account.conversation(two.conversation), (view) => view?.unread === 1)).toMatchObject(
    {
      title: ana.name,
      other: ana.id,
    },
  )
  await becomes(a.account.conversation(one.conversation), (view) => view?.title === ben.name)
})
