import type { Account, MessageItem, TimelineView } from '@parley/client'
import { type ConversationId, newId, type UserId } from '@parley/protocol'
import pg from 'pg'
import * as Y from 'yjs'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { ACCOUNT_MOVE } from '../../packages/client/src/store/store.ts'
import { addAccounts } from '../kit/accounts.ts'
import { becomes, startDevice, type TestDevice } from '../kit/client.ts'
import { afterLoads, beginAnew, storedAccount, visitAccount } from '../kit/generations.ts'
import { random } from '../kit/random.ts'
import { startTestServer, type TestServer } from '../kit/server.ts'
import { startBrowser } from '../kit/tabs.ts'

let server: TestServer
let pool: pg.Pool
const ends: (() => void)[] = []
let count = 0

beforeAll(async () => {
  server = await startTestServer()
  pool = new pg.Pool({ connectionString: server.databaseUrl })
})
afterAll(async () => {
  await pool.end()
  await server.close()
})
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

const texts = ({ items }: TimelineView): string[] =>
  items.filter((item): item is MessageItem => item.kind === 'message').map(({ text }) => text)
const isLive = (account: Account) => becomes(account.link, ({ state }) => state === 'live')
const isEmpty = (account: Account) => becomes(account.commands, (commands) => commands.length === 0)
const sees = (account: Account, conversation: ConversationId, expected: readonly string[]) =>
  becomes(account.timeline(conversation), (view) => JSON.stringify(texts(view)) === JSON.stringify(expected))

/** Ana, whose account document is begun anew time and again, and Ben, who hears her. */
async function scene() {
  count += 1
  const [ana, ben] = await addAccounts(pool, [`Ana${count}`, `Ben${count}`])
  if (ana === undefined || ben === undefined) throw new Error('two accounts expected')
  const his = await startDevice({ url: server.url, token: ben.token })
  const { conversation } = his.account.createConversation({
    kind: 'group',
    title: 'Trip',
    members: [ana.id],
  })
  await becomes(his.account.conversation(conversation), (view) => view?.standing === 'member')
  ends.push(his.client.close)
  const device = async (from?: Pick<TestDevice, 'storage' | 'network'>): Promise<TestDevice> => {
    const started = await startDevice({ url: server.url, token: ana.token, ...from })
    ends.push(started.client.close)
    return started
  }
  const member = async ({ account }: TestDevice) => {
    await isLive(account)
    await becomes(account.conversation(conversation), (view) => view?.standing === 'member')
  }
  const renew = async (times = 1) => {
    for (let n = 0; n < times; n += 1) await beginAnew(syncUrl(), pool, ana.id, ana.token)
  }
  return { ana, his, conversation, device, member, renew }
}

const syncUrl = () => `${server.url.replace(/^http/, 'ws')}/sync`
const moves = async (storage: TestDevice['storage'], user: UserId) =>
  await (await storage.open(user, () => undefined)).record(ACCOUNT_MOVE)

test('[C1] [C2] [C5] a device that was away while the document was begun anew three times delivers all that waited, once and in order', async () => {
  const { ana, his, conversation, device, member, renew } = await scene()
  let mine = await device()
  await member(mine)
  await mine.account.send(conversation, { text: 'here' }).saved
  await isEmpty(mine.account)
  mine.network.set(false)
  for (const text of ['one', 'two', 'three']) await mine.account.send(conversation, { text }).saved
  const group = mine.account.createConversation({ kind: 'group', title: 'Later' })
  await mine.account.send(group.conversation, { text: 'in it' }).saved
  mine.account.markRead(conversation, 3)
  mine.account.setDraft(conversation, 'half a thought')
  mine.client.close()
  await renew()
  const other = await device()
  await member(other)
  other.account.setDraft(group.conversation, 'of the other device')
  await other.account.send(conversation, { text: 'from the other device' }).saved
  await isEmpty(other.account)
  other.client.close()
  await renew(2)
  mine = await device({ storage: mine.storage, network: mine.network })
  await sees(mine.account, conversation, ['here', 'one', 'two', 'three'])
  await mine.account.send(conversation, { text: 'four' }).saved
  mine.network.set(true)
  await sees(his.account, conversation, ['here', 'from the other device', 'one', 'two', 'three', 'four'])
  await isEmpty(mine.account)
  await becomes(mine.account.conversation(group.conversation), (view) => view?.standing === 'member')
  await sees(mine.account, group.conversation, ['in it'])
  expect(mine.account.draft(conversation).get()).toBe('half a thought')
  await becomes(mine.account.draft(group.conversation), (draft) => draft === 'of the other device')
  expect(await moves(mine.storage, ana.id)).toMatchObject({ from: '' })
  // And on: the new document is as good as the old one, also after a restart.
  mine.client.close()
  mine = await device({ storage: mine.storage, network: mine.network })
  await isLive(mine.account)
  mine.account.send(conversation, { text: 'five' })
  await becomes(his.account.timeline(conversation), (view) => texts(view).at(-1) === 'five')
  await becomes(his.account.reads(conversation), (reads) => (reads.get(ana.id) ?? 0) >= 3)
})

test('[C3] a refusal that nobody has seen yet survives, and one that was dismissed elsewhere does not come back', async () => {
  const { conversation, device, member, renew } = await scene()
  let mine = await device()
  await member(mine)
  const [seen, unseen] = [newId<ConversationId>(), newId<ConversationId>()]
  const dismissed = mine.account.send(seen, { text: 'dismissed' })
  const waiting = mine.account.send(unseen, { text: 'waits to be seen' })
  await becomes(
    mine.account.commands,
    (all) => all.every(({ fate }) => fate.state === 'refused') && all.length === 2,
  )
  mine.network.set(false)
  mine.client.close()
  const other = await device()
  await member(other)
  await becomes(other.account.commands, (all) => all.length === 2)
  await other.account.discard(dismissed.id)
  // Whose answer says that the server has heard of the other, too.
  other.account.send(conversation, { text: 'seen' })
  await becomes(other.account.commands, (all) => all.length === 1)
  other.client.close()
  await renew()
  mine.network.set(true)
  mine = await device({ storage: mine.storage, network: mine.network })
  await isLive(mine.account)
  const commands = await becomes(mine.account.commands, (all) => all.length === 1)
  expect(commands).toMatchObject([{ id: waiting.id, fate: { state: 'refused', code: 'forbidden' } }])
})

test('[R1] read positions never fall, on any device, though the document has them no more', async () => {
  const { ana, his, conversation, device, member, renew } = await scene()
  for (const text of ['a', 'b', 'c', 'd']) his.account.send(conversation, { text })
  await isEmpty(his.account)
  let mine = await device()
  const phone = await device()
  for (const each of [mine, phone]) {
    await member(each)
    await becomes(each.account.conversation(conversation), (view) => view?.unread === 4)
  }
  const lastSeq = mine.account.conversation(conversation).get()?.lastSeq ?? 0
  phone.network.set(false)
  phone.account.markRead(conversation, lastSeq - 1)
  phone.client.close()
  mine.account.markRead(conversation, lastSeq)
  await becomes(his.account.reads(conversation), (reads) => reads.get(ana.id) === lastSeq)
  mine.client.close()
  await renew()
  mine = await device({ storage: mine.storage, network: mine.network })
  const falls: number[] = []
  ends.push(
    mine.account.conversation(conversation).subscribe(() => {
      const unread = mine.account.conversation(conversation).get()?.unread ?? 0
      if (unread > 0) falls.push(unread)
    }),
  )
  phone.network.set(true)
  const back = await device({ storage: phone.storage, network: phone.network })
  await Promise.all([isLive(mine.account), isLive(back.account)])
  await becomes(back.account.conversation(conversation), (view) => view?.unread === 0)
  expect(mine.account.conversation(conversation).get()?.unread).toBe(0)
  expect(falls).toEqual([])
  const reads = await pool.query(
    'SELECT read_seq::int FROM participants WHERE user_id = $1 AND conversation = $2',
    [ana.id, conversation],
  )
  expect(reads.rows).toEqual([{ read_seq: lastSeq }])
})

test('[C1] [C2] the tabs of a browser go over together, with what each has written, and the worker does it without them', async () => {
  const { ana, his, conversation, renew } = await scene()
  const browser = startBrowser({ url: server.url, token: ana.token })
  ends.push(browser.close)
  let [one, two] = [await browser.open(), await browser.open()]
  for (const { account } of [one, two]) {
    await isLive(account)
    await becomes(account.conversation(conversation), (view) => view?.standing === 'member')
  }
  await two.account.send(conversation, { text: 'before' }).saved
  await Promise.all([isEmpty(one.account), isEmpty(two.account)])
  browser.network.set(false)
  await one.account.send(conversation, { text: 'from one' }).saved
  await two.account.send(conversation, { text: 'from two' }).saved
  await becomes(one.account.commands, (all) => all.length === 2)
  await renew()
  browser.network.set(true)
  const later = one.account.send(conversation, { text: 'from one, later' })
  const last = two.account.send(conversation, { text: 'from two, later' })
  await Promise.all([later.saved, last.saved])
  await Promise.all([isLive(one.account), isLive(two.account)])
  const view = await becomes(his.account.timeline(conversation), (each) => texts(each).length >= 5)
  expect(texts(view).toSorted()).toEqual([
    'before',
    'from one',
    'from one, later',
    'from two',
    'from two, later',
  ])
  for (const { account } of [one, two]) {
    await isEmpty(account)
    await sees(account, conversation, texts(view))
  }
  expect(await moves(browser.storage, ana.id)).toMatchObject({ from: '' })
  two.account.setDraft(conversation, 'shared')
  await becomes(one.account.draft(conversation), (draft) => draft === 'shared')
  browser.network.set(false)
  await two.account.send(conversation, { text: 'for the worker' }).saved
  one.client.close()
  two.client.close()
  await renew()
  browser.network.set(true)
  expect(await browser.flush(20_000)).toBe(true)
  await becomes(his.account.timeline(conversation), (each) => texts(each).at(-1) === 'for the worker')
  ;[one, two] = [await browser.open(), await browser.open()]
  await Promise.all([isLive(one.account), isLive(two.account)])
  expect([one.account.commands.get(), two.account.commands.get()]).toEqual([[], []])
  expect(texts(await becomes(his.account.timeline(conversation), () => true))).toHaveLength(6)
})

const SEEDS = (process.env['SEEDS'] ?? '1 2 3').split(' ').map(Number)
test.for(SEEDS)(
  '[C1] [C2] whenever it is begun anew, what devices say, offline and not, arrives once and in the order of each (seed %i)',
  async (seed) => {
    const { ana, his, conversation, device, member, renew } = await scene()
    const rng = random(seed)
    const devices = [await device(), await device()]
    const given: string[][] = [[], []]
    const online = [true, true]
    for (const each of devices) await member(each)
    let renewals = 0
    for (let step = 0; step < 60; step += 1) {
      const n = rng.below(2)
      const mine = devices[n] as TestDevice
      const what = rng.below(10)
      if (what === 0) {
        online[n] = !(online[n] ?? false)
        mine.network.set(online[n] ?? true)
      } else if (what === 1) {
        mine.client.close()
        devices[n] = await device({ storage: mine.storage, network: mine.network })
      } else if (what === 2 && renewals < 4) {
        for (const each of devices) each.network.set(false)
        await renew()
        renewals += 1
        for (const [place, each] of devices.entries()) each.network.set(online[place] === true)
      } else if (what === 3) mine.account.setDraft(conversation, `draft ${step}`)
      else if (what === 4) mine.account.markRead(conversation, 1 + rng.below(step + 1))
      else {
        const text = `device ${n} says ${given[n]?.length ?? 0}`
        given[n]?.push(text)
        const { saved } = mine.account.send(conversation, { text })
        // Which is what is promised: the device is closed at any moment.
        await saved
      }
    }
    for (const each of devices) each.network.set(true)
    const all = given.flat()
    const view = await becomes(his.account.timeline(conversation), (each) => texts(each).length >= all.length)
    for (const [n, own] of given.entries())
      expect(texts(view).filter((text) => text.startsWith(`device ${n}`))).toEqual(own)
    expect(texts(view)).toHaveLength(all.length)
    for (const { account } of devices) {
      await isEmpty(account)
      await sees(account, conversation, texts(view))
    }
    const [draft, other] = devices.map(({ account }) => account.draft(conversation))
    if (draft === undefined || other === undefined) throw new Error('two devices')
    await becomes(draft, (text) => text === other.get())
    expect(renewals).toBeGreaterThan(0)
    expect((await storedAccount(pool, ana.id)).generations).toBeGreaterThanOrEqual(renewals)
  },
)

test('what a device had of the document before it was begun anew does not come back with it', async () => {
  const { ana, conversation, device, member, renew } = await scene()
  const mine = await device()
  await member(mine)
  mine.account.send(conversation, { text: 'hello' })
  await isEmpty(mine.account)
  const bytesOf = async () => {
    const stored = await (await mine.storage.open(ana.id, () => undefined)).loadAccount()
    return stored.reduce((sum, { update }) => sum + update.length, 0)
  }
  await visitAccount(syncUrl(), ana.id, ana.token, (doc) =>
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(afterLoads(doc))),
  )
  await expect.poll(bytesOf).toBeGreaterThan(6_000)
  mine.network.set(false)
  await renew()
  mine.network.set(true)
  await isLive(mine.account)
  mine.account.setDraft(conversation, 'in the new one')
  await expect.poll(async () => (await storedAccount(pool, ana.id)).bytes).toBeLessThan(1_000)
  expect(await bytesOf()).toBeLessThan(1_000)
  mine.client.close()
})
