import type { Account, ConversationView, DeviceStorage, Loss, TimelineView } from '@parley/client'
import { memoryStorage } from '@parley/client'
import { type ConversationId, type Event, rest, seal, EMPTY_TIP, type UserId } from '@parley/protocol'
import type pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { addAccounts, type TestAccount } from '../kit/accounts.ts'
import { type Backup, takeBackup, tamper, within } from '../kit/backup.ts'
import { becomes, startDevice, type TestDevice } from '../kit/client.ts'
import { startBrowser } from '../kit/tabs.ts'
import { type ServerProcess, startServerProcess } from '../kit/server-process.ts'

let server: ServerProcess
const devices: TestDevice[] = []
const backups: Backup[] = []
let count = 0

beforeAll(async () => {
  server = await startServerProcess()
})
afterAll(async () => {
  await server.dispose()
})
afterEach(async () => {
  for (const { client } of devices.splice(0)) client.close()
  await Promise.all(backups.splice(0).map((each) => each.drop()))
})

const people = async (...names: string[]): Promise<TestAccount[]> => {
  count += 1
  return await within(server, (client) =>
    addAccounts(
      client,
      names.map((name) => `${name}${count}`),
    ),
  )
}
const device = async (
  account: TestAccount,
  storage: DeviceStorage = memoryStorage(),
): Promise<TestDevice> => {
  const started = await startDevice({ url: server.url, token: account.token, storage })
  devices.push(started)
  return started
}
/** Nobody waits for the server longer than it takes. */
const reconnect = async (): Promise<void> => {
  for (const { account } of devices) account.reconnect()
  await Promise.all(devices.map(({ account }) => live(account)))
}
const backup = async (): Promise<Backup> => {
  const taken = await takeBackup(server)
  backups.push(taken)
  await reconnect()
  return {
    ...taken,
    restore: async () => {
      await taken.restore()
      await reconnect()
    },
  }
}

const texts = ({ items }: TimelineView): string[] =>
  items.flatMap((item) => (item.kind === 'message' ? [item.text] : []))
const saidTexts = ({ items }: TimelineView): string[] =>
  items.flatMap((item) => (item.kind === 'message' && item.place.state === 'said' ? [item.text] : []))
const shows = (account: Account, id: ConversationId, expected: readonly string[]) =>
  becomes(account.timeline(id), (view) => JSON.stringify(saidTexts(view)) === JSON.stringify(expected))
const live = (account: Account) => becomes(account.link, ({ state }) => state === 'live')
const isMemberOf = (account: Account, id: ConversationId) =>
  becomes(account.conversation(id), (view) => view?.standing === 'member')
const lossOf = (account: Account, id: ConversationId): Loss | undefined =>
  account.losses.get().find(({ conversation }) => conversation === id)
const missing = (account: Account, id: ConversationId): string[] =>
  (lossOf(account, id)?.missing ?? []).flatMap((event) => (event.type === 'message' ? [event.text] : []))
const logOf = async (account: TestAccount, id: ConversationId): Promise<readonly Event[]> => {
  const answer = await fetch(`${server.url}/api/conversations/${id}/events?after=0&limit=1000`, {
    headers: { Authorization: `Bearer ${account.token}` },
  })
  return rest.eventPage.parse(await answer.json()).events
}
const logged = async (account: TestAccount, id: ConversationId): Promise<string[]> =>
  (await logOf(account, id)).flatMap((event) => (event.type === 'message' ? [event.text] : []))

const close = (closed: TestDevice): void => {
  devices.splice(devices.indexOf(closed), 1)
  closed.client.close()
}

/** Says these one after the other, each when the one before has arrived. */
async function say(account: Account, id: ConversationId, ...said: readonly string[]): Promise<void> {
  for (const text of said) {
    const given = account.send(id, { text })
    await becomes(account.fate(given.id), (fate) => fate?.state === 'accepted')
  }
}

/** Ana and Ben in a group, each with a device that looks at it. */
async function pair() {
  const [ana, ben, carl] = await people('Ana', 'Ben', 'Carl')
  if (ana === undefined || ben === undefined || carl === undefined) throw new Error('three accounts expected')
  const [a, b] = [await device(ana), await device(ben)]
  await Promise.all([live(a.account), live(b.account)])
  const { conversation } = a.account.createConversation({ kind: 'group', title: 'Trip', members: [ben.id] })
  await Promise.all([isMemberOf(a.account, conversation), isMemberOf(b.account, conversation)])
  await say(a.account, conversation, 'one', 'two')
  await Promise.all([a, b].map(({ account }) => shows(account, conversation, ['one', 'two'])))
  return { ana, ben, carl, a, b, conversation }
}

test('[L7][C1] a server restored from last night: said so, kept, sent again once by everybody, and on it goes', async () => {
  const { ana, ben, a, b, conversation } = await pair()
  const phone = await device(ana)
  await shows(phone.account, conversation, ['one', 'two'])
  const before = await backup()
  await say(b.account, conversation, 'three of Ben')
  await becomes(a.account.timeline(conversation), (view) => texts(view).includes('three of Ben'))
  const reply = a.account.timeline(conversation).get().items.at(-1)
  if (reply?.kind !== 'message') throw new Error('a message expected')
  const answer = a.account.send(conversation, { text: 'four, to three', replyTo: reply.id })
  await becomes(a.account.fate(answer.id), (fate) => fate?.state === 'accepted')
  const heart = a.account.react(conversation, answer.id, '❤️', true)
  await becomes(a.account.fate(heart.id), (fate) => fate?.state === 'accepted')
  await say(a.account, conversation, 'five')
  const all = ['one', 'two', 'three of Ben', 'four, to three', 'five']
  await Promise.all([a, b, phone].map(({ account }) => shows(account, conversation, all)))

  await before.restore()
  for (const { account } of [a, b, phone]) {
    await becomes(account.losses, () => missing(account, conversation).length === 3)
    await shows(account, conversation, ['one', 'two'])
    expect(account.conversation(conversation).get()?.fault).toBeUndefined()
    expect(missing(account, conversation)).toEqual(all.slice(2))
  }
  expect(await logged(ana, conversation)).toEqual(['one', 'two'])
  await say(b.account, conversation, 'what happened?')

  // From two of her devices at once, and Ben later.
  await Promise.all([a, phone].map(({ account }) => account.sendAgain(conversation)))
  const now = ['one', 'two', 'what happened?', 'four, to three', 'five']
  await Promise.all([a, b, phone].map(({ account }) => shows(account, conversation, now)))
  await becomes(a.account.losses, () => missing(a.account, conversation).length === 1)
  expect(missing(a.account, conversation)).toEqual(['three of Ben'])
  await b.account.sendAgain(conversation)
  await Promise.all(
    [a, b, phone].map(({ account }) => shows(account, conversation, [...now, 'three of Ben'])),
  )
  for (const { account } of [a, b, phone])
    await becomes(account.losses, () => lossOf(account, conversation) === undefined)
  const log = await logOf(ben, conversation)
  expect(new Set(log.map(({ id }) => id)).size).toBe(log.length)
  expect(log.find(({ id }) => id === heart.id)).toMatchObject({ type: 'reaction', to: answer.id })
  await say(a.account, conversation, 'all is well')
  await shows(b.account, conversation, [...now, 'three of Ben', 'all is well'])
}, 60_000)

/** All that a device shows of a conversation, at every moment. */
function watch(account: Account, id: ConversationId) {
  const timelines: (readonly string[])[] = []
  const views: ConversationView[] = []
  const timeline = account.timeline(id)
  const conversation = account.conversation(id)
  const look = () => timelines.push(saidTexts(timeline.get()))
  const lookAround = () => {
    const view = conversation.get()
    if (view !== undefined) views.push(view)
  }
  const endings = [timeline.subscribe(look), conversation.subscribe(lookAround)]
  look()
  lookAround()
  return { timelines, views, end: () => endings.forEach((each) => each()) }
}

const isPrefix = (part: readonly string[], whole: readonly string[]): boolean =>
  part.every((text, index) => text === whole[index])

test('[L2][L7] a device that was away while the server was restored never shows a mixture, however much was said since', async () => {
  const { ana, ben, carl, a, b } = await pair()
  // Afterwards the log is shorter than the device's, or as long, or longer: other words under the same numbers.
  const cases = await Promise.all(
    [2, 5, 9].map(async (since) => {
      const { conversation } = a.account.createConversation({
        kind: 'group',
        title: `${since} since`,
        members: [ben.id],
      })
      await Promise.all([isMemberOf(a.account, conversation), isMemberOf(b.account, conversation)])
      await say(a.account, conversation, 'one', 'two')
      return { conversation, next: Array.from({ length: since }, (_, index) => `new ${index + 1}`) }
    }),
  )
  const before = await backup()
  const lost = ['lost 1', 'lost 2', 'lost 3', 'lost 4']
  const old = ['one', 'two', ...lost]
  for (const { conversation } of cases) {
    await say(b.account, conversation, ...lost.slice(0, 3))
    a.account.addMember(conversation, carl.id)
    await becomes(b.account.conversation(conversation), (view) => view?.members.has(carl.id) === true)
    await say(b.account, conversation, ...lost.slice(3))
    await shows(a.account, conversation, old)
  }
  // The device is closed with all of it, its documents included.
  close(a)
  close(b)

  await before.restore()
  const other = await device(ben)
  for (const { conversation, next } of cases) {
    await shows(other.account, conversation, ['one', 'two'])
    await say(other.account, conversation, ...next)
  }

  const back = await device(ana, a.storage)
  const seen = cases.map(({ conversation }) => watch(back.account, conversation))
  for (const { conversation, next } of cases) {
    await becomes(back.account.losses, () => lossOf(back.account, conversation) !== undefined)
    await shows(back.account, conversation, ['one', 'two', ...next])
    await becomes(
      back.account.conversation(conversation),
      (view) => view?.members.size === 2 && view.fault === undefined,
    )
    await say(other.account, conversation, 'and on')
    await shows(back.account, conversation, ['one', 'two', ...next, 'and on'])
    expect(missing(back.account, conversation)).toEqual(lost)
  }
  const everybody = [ana.id, ben.id, carl.id]
  for (const [index, { timelines, views, end }] of seen.entries()) {
    end()
    const whole = ['one', 'two', ...(cases[index]?.next ?? []), 'and on']
    expect(timelines.filter((shown) => !isPrefix(shown, old) && !isPrefix(shown, whole))).toEqual([])
    for (const { members } of views)
      expect([everybody.slice(0, 2), everybody]).toContainEqual([...members.keys()].sort(byOrder(everybody)))
  }
  // And it is on the disk.
  close(back)
  const again = await device(ana, a.storage)
  for (const { conversation } of cases) expect(missing(again.account, conversation)).toEqual(lost)
}, 90_000)

const byOrder =
  (order: readonly UserId[]) =>
  (one: UserId, other: UserId): number =>
    order.indexOf(one) - order.indexOf(other)

test('[L7] when the right database comes back, everything is as it was, and nothing is asked of anybody', async () => {
  const { a, b, conversation } = await pair()
  const old = await backup()
  await say(b.account, conversation, 'three', 'four')
  await shows(a.account, conversation, ['one', 'two', 'three', 'four'])
  const right = await backup()
  await old.restore()
  await becomes(a.account.losses, () => missing(a.account, conversation).length === 2)
  await shows(b.account, conversation, ['one', 'two'])
  await say(b.account, conversation, 'into the wrong one')
  for (const { account } of [a, b]) await shows(account, conversation, ['one', 'two', 'into the wrong one'])
  await right.restore()
  await shows(a.account, conversation, ['one', 'two', 'three', 'four'])
  await becomes(a.account.losses, () => !missing(a.account, conversation).includes('three'))
  expect(missing(a.account, conversation)).toEqual(['into the wrong one'])
  await becomes(b.account.losses, () => missing(b.account, conversation).includes('into the wrong one'))
  await b.account.sendAgain(conversation)
  await shows(a.account, conversation, ['one', 'two', 'three', 'four', 'into the wrong one'])
  await becomes(a.account.losses, (losses) => losses.length === 0)
}, 60_000)

test('[L7] all windows of a device tell it, and any of them sends again', async () => {
  const { carl, a, conversation } = await pair()
  const browser = startBrowser({ url: server.url, token: carl.token })
  try {
    a.account.addMember(conversation, carl.id)
    const [first, second] = [await browser.open(), await browser.open()]
    await Promise.all([first, second].map(({ account }) => isMemberOf(account, conversation)))
    const before = await backup()
    first.account.reconnect()
    await say(first.account, conversation, 'three of Carl')
    await shows(second.account, conversation, ['one', 'two', 'three of Carl'])
    await before.restore()
    first.account.reconnect()
    const third = await browser.open()
    for (const { account } of [first, second, third]) {
      await becomes(account.losses, () => missing(account, conversation).length === 1)
      await shows(account, conversation, ['one', 'two'])
      expect(account.conversation(conversation).get()?.fault).toBeUndefined()
    }
    await second.account.sendAgain(conversation)
    for (const { account } of [a, first, second, third]) {
      await shows(account, conversation, ['one', 'two', 'three of Carl'])
      await becomes(account.losses, (losses) => losses.length === 0)
    }
  } finally {
    browser.close()
  }
}, 60_000)

/** Changes the text of a message; `rehash`: and all hashes from there on, so that it looks as if it had always been so. */
const rewrite = async (id: ConversationId, from: string, to: string, rehash: boolean) => {
  await tamper(server, async (client: pg.Client) => {
    await client.query(
      `UPDATE events SET payload = jsonb_set(payload, '{text}', to_jsonb($3::text))
       WHERE conversation = $1 AND payload ->> 'text' = $2`,
      [id, from, to],
    )
    await client.query(`DELETE FROM documents WHERE name LIKE 'conversation/%'`)
    if (!rehash) return
    const { rows } = await client.query<{ event: Event }>(
      `SELECT jsonb_build_object('seq', seq, 'id', id, 'type', type, 'author', author, 'at', at, 'hash', hash) || payload
       AS event FROM events WHERE conversation = $1 ORDER BY seq`,
      [id],
    )
    let tip = EMPTY_TIP
    for (const { event } of rows) {
      const [sealed] = seal(tip, [event], event.at)
      if (sealed === undefined) throw new Error('one event expected')
      tip = sealed
      await client.query(`UPDATE events SET hash = $3 WHERE conversation = $1 AND seq = $2`, [
        id,
        sealed.seq,
        sealed.hash,
      ])
    }
    await client.query(`UPDATE conversations SET last_hash = $2 WHERE id = $1`, [id, tip.hash])
  })
  await reconnect()
}

test('[L7] a text that an operator rewrote, hashes and all: said, both versions there, and the person decides', async () => {
  const { a, b, conversation } = await pair()
  await say(b.account, conversation, 'I owe you ten', 'see you')
  const old = ['one', 'two', 'I owe you ten', 'see you']
  await shows(a.account, conversation, old)
  const other = a.account.createConversation({ kind: 'group', title: 'Untouched' }).conversation
  await isMemberOf(a.account, other)
  await rewrite(conversation, 'I owe you ten', 'I owe you one', true)

  const view = await becomes(a.account.conversation(conversation), (each) => each?.fault?.fault === 'altered')
  const from = view?.fault !== undefined && 'seq' in view.fault ? view.fault.seq : 0
  expect(view?.fault).toEqual({ fault: 'altered', seq: from, isChained: true })
  expect(saidTexts(a.account.timeline(conversation).get())).toEqual(old)
  const contested = await a.account.contested(conversation)
  if (!contested.ok) throw new Error(contested.message)
  expect(contested.value.from).toBe(from)
  expect(contested.value.device[0]).toMatchObject({ seq: from, text: 'I owe you ten' })
  expect(contested.value.server[0]).toMatchObject({ seq: from, text: 'I owe you one' })
  expect(a.account.losses.get()).toEqual([])

  // Other conversations go on, and what is written here is sent and stays in sight.
  await say(a.account, other, 'still talking')
  await shows(a.account, other, ['still talking'])
  await say(a.account, conversation, 'you have changed')
  expect(texts(a.account.timeline(conversation).get())).toEqual([...old, 'you have changed'])

  // Not while nothing would come in its place.
  a.network.set(false)
  await becomes(a.account.link, ({ state }) => state === 'offline')
  expect(await a.account.takeServersLog(conversation)).toBe(false)
  expect(texts(a.account.timeline(conversation).get())).toEqual([...old, 'you have changed'])
  a.network.set(true)
  await live(a.account)
  expect(await a.account.takeServersLog(conversation)).toBe(true)
  await shows(a.account, conversation, ['one', 'two', 'I owe you one', 'see you', 'you have changed'])
  expect(a.account.conversation(conversation).get()?.fault).toBeUndefined()
  expect(lossOf(a.account, conversation)?.missing).toEqual([])
  expect(lossOf(a.account, conversation)?.altered).toMatchObject([{ text: 'I owe you ten' }])
  await say(b.account, conversation, 'have I?')
  await becomes(a.account.timeline(conversation), (each) => texts(each).includes('have I?'))
  await a.account.dismissLoss(conversation)
  expect(lossOf(a.account, conversation)?.isDismissed).toBe(true)
}, 60_000)

test('[L7] a text that was rewritten under its old hash never looks like one that was said', async () => {
  const { ben, a, conversation } = await pair()
  await say(a.account, conversation, 'three', 'four')
  await rewrite(conversation, 'three', 'thirteen', false)
  await live(a.account)
  // Who has it keeps it, and hears nothing that contradicts it.
  await shows(a.account, conversation, ['one', 'two', 'three', 'four'])

  const fresh = await device(ben)
  const seen = watch(fresh.account, conversation)
  await becomes(fresh.account.conversation(conversation), (view) => view?.fault?.fault === 'altered')
  expect(fresh.account.conversation(conversation).get()?.fault).toMatchObject({ isChained: false })
  expect(seen.timelines.flat()).not.toContain('thirteen')
  await fresh.account.takeServersLog(conversation)
  await shows(fresh.account, conversation, ['one', 'two', 'thirteen', 'four'])
  seen.end()
  await say(a.account, conversation, 'five')
  await shows(fresh.account, conversation, ['one', 'two', 'thirteen', 'four', 'five'])
  close(fresh)
  const again = await device(ben, fresh.storage)
  await live(again.account)
  await shows(again.account, conversation, ['one', 'two', 'thirteen', 'four', 'five'])
  expect(again.account.conversation(conversation).get()?.fault).toBeUndefined()
}, 60_000)

test('[L7] a conversation that the server lost whole is told as lost, not as left, and stays readable', async () => {
  const { ben, a, conversation } = await pair()
  const before = await backup()
  const { conversation: young } = a.account.createConversation({
    kind: 'group',
    title: 'Young',
    members: [ben.id],
  })
  await isMemberOf(a.account, young)
  await say(a.account, young, 'a beginning')
  await shows(a.account, young, ['a beginning'])
  await say(a.account, conversation, 'three')
  await before.restore()
  await becomes(a.account.losses, () => missing(a.account, conversation).length === 1)
  const view = await becomes(a.account.conversation(young), (each) => each?.isLost === true)
  expect(view?.standing).toBe('left')
  await shows(a.account, young, ['a beginning'])
}, 60_000)
