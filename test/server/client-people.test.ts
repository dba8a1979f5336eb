import type { Account, FriendsView } from '@parley/client'
import { can, type ConversationId, type rest, type UserId } from '@parley/protocol'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { addAccounts, type TestAccount } from '../kit/accounts.ts'
import { becomes, startDevice, type TestDevice, testNetwork } from '../kit/client.ts'
import { befriend } from '../kit/people.ts'
import { startTestServer, type TestServer } from '../kit/server.ts'
import { startBrowser } from '../kit/tabs.ts'

let server: TestServer
let pool: pg.Pool
let ahead = 0
const ends: (() => void)[] = []

beforeAll(async () => {
  server = await startTestServer({ now: () => Date.now() + ahead })
  pool = new pg.Pool({ connectionString: server.databaseUrl })
})
afterAll(async () => {
  await pool.end()
  await server.close()
})
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

const people = async <const Names extends readonly string[]>(
  ...names: Names
): Promise<{ [K in keyof Names]: TestAccount }> =>
  (await addAccounts(pool, names)) as { [K in keyof Names]: TestAccount }
const device = async (
  account: TestAccount,
  more: Partial<Parameters<typeof startDevice>[0]> = {},
): Promise<TestDevice> => {
  const started = await startDevice({ url: server.url, token: account.token, ...more })
  ends.push(started.client.close)
  return started
}
/** Starts again with what the device kept, without a network. */
const restarted = async (account: TestAccount, before: TestDevice): Promise<TestDevice> => {
  before.client.close()
  return await device(account, { storage: before.storage, network: testNetwork(false) })
}
const listed = ({ account }: Pick<TestDevice, 'account'>) =>
  becomes(account.friends, ({ isComplete }) => isComplete)
const lists = ({ friends, incoming, outgoing, blocked }: FriendsView) => {
  const ids = (list: readonly { readonly id: UserId }[]) => list.map(({ id }) => id)
  return { friends: ids(friends), incoming: ids(incoming), outgoing: ids(outgoing), blocked: ids(blocked) }
}
const NOBODY = { friends: [], incoming: [], outgoing: [], blocked: [] }
const show = (account: Account, expected: Partial<ReturnType<typeof lists>>) =>
  becomes(
    account.friends,
    (view) => JSON.stringify(lists(view)) === JSON.stringify({ ...NOBODY, ...expected }),
  )
const isSettled = (account: Account) => becomes(account.commands, (commands) => commands.length === 0)
const kinds = (account: Account): readonly rest.NotificationKind[] =>
  account.notifications.get().waiting.map(({ kind }) => kind)
const waitFor = (account: Account, ...expected: rest.NotificationKind[]) =>
  becomes(
    account.notifications,
    ({ waiting }) => String(waiting.map(({ kind }) => kind)) === String(expected),
  )
const waitingAt = async (account: TestAccount): Promise<number> => {
  const { rows } = await pool.query('SELECT 1 FROM notifications WHERE user_id = $1', [account.id])
  return rows.length
}

test('[C5] who is asked without a network, over a restart, is asked when there is one; the other accepts and both are friends', async () => {
  const [ana, ben] = await people('Ana', 'Ben')
  const [a, b] = [await device(ana), await device(ben)]
  await Promise.all([listed(a), listed(b)])
  expect(await a.account.api.user(ben.id)).toMatchObject({ ok: true })
  a.network.set(false)
  await a.account.requestFriend(ben.id).saved
  expect(lists(a.account.friends.get())).toEqual({ ...NOBODY, outgoing: [ben.id] })
  const again = await restarted(ana, a)
  await show(again.account, { outgoing: [ben.id] })
  expect(again.account.friends.get().outgoing[0]?.fate).toEqual({ state: 'saved' })
  again.network.set(true)
  const view = await show(b.account, { incoming: [ana.id] })
  expect(view.incoming[0]).toMatchObject({ profile: { name: 'Ana' }, fate: undefined })
  await becomes(again.account.friends, ({ outgoing }) => outgoing[0]?.fate === undefined)

  b.network.set(false)
  b.account.answerFriendRequest(view.incoming[0]?.request as never, true)
  expect(lists(b.account.friends.get())).toEqual({ ...NOBODY, friends: [ana.id] })
  b.network.set(true)
  await show(again.account, { friends: [ben.id] })
  await isSettled(b.account)
  await show(b.account, { friends: [ana.id] })
})

test('[C2] what one does to a person without a network shows at once, in its order, and holds afterwards', async () => {
  const [ana, ben, cem] = await people('Ana', 'Ben', 'Cem')
  await befriend(pool, ana.id, ben.id)
  const [a, b, c] = [await device(ana), await device(ben), await device(cem)]
  await Promise.all([listed(a), listed(b), listed(c)])
  c.account.requestFriend(ana.id)
  await show(a.account, { friends: [ben.id], incoming: [cem.id] })
  a.network.set(false)
  a.account.removeFriend(ben.id)
  await show(a.account, { incoming: [cem.id] })
  a.account.requestFriend(ben.id)
  await show(a.account, { incoming: [cem.id], outgoing: [ben.id] })
  // Who has asked is not asked: both want it.
  a.account.requestFriend(cem.id)
  await show(a.account, { friends: [cem.id], outgoing: [ben.id] })
  a.account.block(ben.id)
  await show(a.account, { friends: [cem.id], blocked: [ben.id] })
  a.network.set(true)
  await isSettled(a.account)
  await show(a.account, { friends: [cem.id], blocked: [ben.id] })
  await show(c.account, { friends: [ana.id] })
  await show(b.account, {})
  const answer = await a.account.api.friends()
  expect(answer.ok && answer.value.map(({ id }) => id)).toEqual([cem.id])
})

test('[C3] what the server refuses is as it was, with the refusal to be seen', async () => {
  const [ana, ben] = await people('Ana', 'Ben')
  const [a, b] = [await device(ana), await device(ben)]
  await Promise.all([listed(a), listed(b)])
  a.account.requestFriend(ben.id)
  const asked = await show(b.account, { incoming: [ana.id] })
  b.account.answerFriendRequest(asked.incoming[0]?.request as never, false)
  await show(a.account, {})
  const { id } = a.account.requestFriend(ben.id)
  expect(lists(a.account.friends.get())).toEqual({ ...NOBODY, outgoing: [ben.id] })
  expect(await becomes(a.account.fate(id), (fate) => fate?.state === 'refused')).toMatchObject({
    code: 'conflict',
  })
  await show(a.account, {})
  expect(a.account.commands.get()).toMatchObject([{ id, fate: { state: 'refused' } }])
})

test('[C5] in a direct conversation one writes while friends: a block closes it at once, also without a network', async () => {
  const [ana, ben] = await people('Ana', 'Ben')
  await befriend(pool, ana.id, ben.id)
  const [a, b] = [await device(ana), await device(ben)]
  await Promise.all([listed(a), listed(b)])
  const { conversation } = a.account.openDirect(ben.id)
  const may = (account: Account, self: UserId, expected: boolean) =>
    becomes(
      account.conversation(conversation),
      (view) => view !== undefined && can(self, { do: 'send' }, view) === expected,
    )
  for (const { account } of [a, b])
    await becomes(account.conversation(conversation), (view) => view?.standing === 'member')
  await Promise.all([may(a.account, ana.id, true), may(b.account, ben.id, true)])
  a.network.set(false)
  a.account.block(ben.id)
  await may(a.account, ana.id, false)
  const again = await restarted(ana, a)
  await may(again.account, ana.id, false)
  again.account.unblock(ben.id)
  again.account.requestFriend(ben.id)
  await may(again.account, ana.id, false)
  again.network.set(true)
  const asked = await show(b.account, { incoming: [ana.id] })
  await may(b.account, ben.id, false)
  b.account.answerFriendRequest(asked.incoming[0]?.request as never, true)
  await Promise.all([may(again.account, ana.id, true), may(b.account, ben.id, true)])
})

test('a friend is seen to be there, is not known to be without a network, and is seen again after it', async () => {
  const [ana, ben] = await people('Ana', 'Ben')
  await befriend(pool, ana.id, ben.id)
  const b = await device(ben)
  await listed(b)
  const a = await device(ana)
  const online = (expected: boolean | undefined) =>
    becomes(a.account.friends, ({ friends }) => {
      const profile = friends[0]?.profile
      return profile !== undefined && profile.online === expected
    })
  await online(true)
  a.network.set(false)
  const view = await online(undefined)
  expect(view.friends[0]?.profile?.lastActiveAt).toBeGreaterThan(0)
  a.network.set(true)
  await online(true)
  const again = await restarted(ana, a)
  expect(again.account.friends.get().friends[0]?.profile).toMatchObject({ name: 'Ben', online: undefined })
  expect(again.account.friends.get().friends[0]?.profile?.lastActiveAt).toBeGreaterThan(0)
})

/** Ben has been away, and is mentioned by Ana meanwhile. */
async function mentioned(times: number) {
  const [ana, ben] = await people('Ana', 'Ben')
  const a = await device(ana)
  const { conversation } = a.account.createConversation({ kind: 'group', title: 'Trip' })
  a.account.addMember(conversation, ben.id)
  for (let n = 1; n <= times; n += 1) a.account.send(conversation, { text: `you ${n}`, mentions: [ben.id] })
  await isSettled(a.account)
  expect(await waitingAt(ben)).toBe(times + 1)
  return { ana, ben, a, conversation }
}
const mentions = (length: number) => Array.from({ length }, () => 'mention' as const)

test('[R3] what waits is there on return, also without a network; what is seen there stays seen, and the server learns it', async () => {
  const { ben } = await mentioned(2)
  const b = await device(ben)
  await waitFor(b.account, 'added', 'mention', 'mention')
  await becomes(b.account.notifications, ({ isComplete }) => isComplete)
  const off = await restarted(ben, b)
  expect(kinds(off.account)).toEqual(['added', 'mention', 'mention'])
  off.account.seen(off.account.notifications.get().waiting[1]?.id as never)
  expect(kinds(off.account)).toEqual(['added', 'mention'])
  const again = await restarted(ben, off)
  expect(kinds(again.account)).toEqual(['added', 'mention'])
  expect(await waitingAt(ben)).toBe(3)
  const phone = await device(ben)
  await waitFor(phone.account, 'added', 'mention', 'mention')
  again.network.set(true)
  await waitFor(phone.account, 'added', 'mention')
  await expect.poll(() => waitingAt(ben)).toBe(2)
  expect(kinds(again.account)).toEqual(['added', 'mention'])
})

test('[R3] all seen is what was shown, and not what came meanwhile', async () => {
  const { ben, a, conversation } = await mentioned(1)
  const b = await device(ben)
  await waitFor(b.account, 'added', 'mention')
  b.network.set(false)
  // Ben counts as there until the server has waited for his return.
  ahead += 10 * 60_000
  await expect
    .poll(() =>
      pool
        .query('SELECT 1 FROM active_connections WHERE user_id = $1', [ben.id])
        .then(({ rows }) => rows.length),
    )
    .toBe(0)
  a.account.send(conversation, { text: 'you again', mentions: [ben.id] })
  await isSettled(a.account)
  await expect.poll(() => waitingAt(ben)).toBe(3)
  b.account.seenAll()
  expect(kinds(b.account)).toEqual([])
  b.network.set(true)
  await waitFor(b.account, 'mention')
  await expect.poll(() => waitingAt(ben)).toBe(1)
  expect(kinds(b.account)).toEqual(['mention'])
})

test('[R3] reading past what it is about takes a notification away, here at once and on the other device', async () => {
  const { ben, conversation } = await mentioned(2)
  const [b, phone] = [await device(ben), await device(ben)]
  await Promise.all([b, phone].map(({ account }) => waitFor(account, 'added', 'mention', 'mention')))
  const [, first] = b.account.notifications.get().waiting
  b.network.set(false)
  b.account.markRead(conversation, first?.seq as number)
  expect(kinds(b.account)).toEqual(mentions(1))
  b.network.set(true)
  await waitFor(phone.account, 'mention')
  await expect.poll(() => waitingAt(ben)).toBe(1)
})

test('[C5] a request that is answered without a network asks no more', async () => {
  const [ana, ben] = await people('Ana', 'Ben')
  const a = await device(ana)
  a.account.requestFriend(ben.id)
  await isSettled(a.account)
  const b = await device(ben)
  await waitFor(b.account, 'friend_request')
  const view = await show(b.account, { incoming: [ana.id] })
  b.network.set(false)
  b.account.answerFriendRequest(view.incoming[0]?.request as never, true)
  expect(kinds(b.account)).toEqual([])
  b.network.set(true)
  await isSettled(b.account)
  await show(b.account, { friends: [ana.id] })
  expect(kinds(b.account)).toEqual([])
  await expect.poll(() => waitingAt(ben)).toBe(0)
})

test('all tabs show the same friends and notifications, and any of them can see them, also without a network', async () => {
  const { ana, ben } = await mentioned(2)
  const browser = startBrowser({ url: server.url, token: ben.token })
  ends.push(browser.close)
  const [one, two] = [await browser.open(), await browser.open()]
  const tabs = [one, two]
  await Promise.all(tabs.map(({ account }) => waitFor(account, 'added', 'mention', 'mention')))
  await Promise.all(tabs.map(listed))
  browser.network.set(false)
  await becomes(two.account.link, ({ state }) => state === 'offline')
  two.account.seen(two.account.notifications.get().waiting[0]?.id as never)
  await waitFor(one.account, 'mention', 'mention')
  two.account.requestFriend(ana.id)
  await Promise.all(tabs.map(({ account }) => show(account, { outgoing: [ana.id] })))
  one.crash()
  const three = await browser.open()
  await waitFor(three.account, 'mention', 'mention')
  browser.network.set(true)
  await Promise.all([two, three].map(({ account }) => isSettled(account)))
  await Promise.all([two, three].map(({ account }) => show(account, { outgoing: [ana.id] })))
  await becomes(three.account.friends, ({ outgoing }) => outgoing[0]?.fate === undefined)
  await expect.poll(() => waitingAt(ben)).toBe(2)
  three.account.seenAll()
  await waitFor(two.account)
  await expect.poll(() => waitingAt(ben)).toBe(0)
})

/** A group of two with both looking, and one without a network. */
async function pair() {
  const [ana, ben] = await people('Ana', 'Ben')
  const [a, b] = [await device(ana), await device(ben)]
  const { conversation } = a.account.createConversation({ kind: 'group', title: 'Trip', members: [ben.id] })
  for (const { account } of [a, b])
    await becomes(account.conversation(conversation), (view) => view?.standing === 'member')
  return { ana, ben, a, b, conversation }
}
const viewOf = (account: Account, conversation: ConversationId) => account.conversation(conversation).get()

test('[C5] a new name, an archive, a member, a role and leaving show at once, marked as waiting, over a restart', async () => {
  const { ana, ben, a, b, conversation } = await pair()
  const [cem] = await people('Cem')
  a.network.set(false)
  a.account.updateConversation(conversation, { title: 'Voyage' })
  a.account.addMember(conversation, cem.id)
  a.account.changeRole(conversation, ben.id, 'admin')
  await a.account.updateConversation(conversation, { archived: true }).saved
  const again = await restarted(ana, a)
  const view = await becomes(again.account.conversation(conversation), (each) => each?.title === 'Voyage')
  expect(view).toMatchObject({ archived: true, memberCount: 3, standing: 'member' })
  expect([...(view?.changing ?? [])]).toEqual(['title', 'archived'])
  expect([...(view?.changingMembers ?? [])]).toEqual([
    [cem.id, 'adding'],
    [ben.id, 'role'],
  ])
  expect(view && can(ana.id, { do: 'send' }, view)).toBe(false)
  again.network.set(true)
  await isSettled(again.account)
  const after = await becomes(
    again.account.conversation(conversation),
    (each) => each?.changing.size === 0 && each.changingMembers.size === 0,
  )
  expect(after).toMatchObject({ title: 'Voyage', archived: true, memberCount: 3 })
  expect(after?.members.get(ben.id)?.role).toBe('admin')

  b.network.set(false)
  b.account.leave(conversation)
  expect(
    await becomes(b.account.conversation(conversation), (each) => each?.standing === 'leaving'),
  ).toMatchObject({
    role: undefined,
    memberCount: 2,
  })
  b.network.set(true)
  await becomes(b.account.conversation(conversation), (each) => each?.standing === 'left')
})

test('[C3] what the server refuses to change shows again as it was', async () => {
  const { ben, a, b, conversation } = await pair()
  await becomes(b.account.conversation(conversation), (view) => view?.role === 'member')
  b.network.set(false)
  const { id } = b.account.updateConversation(conversation, { title: 'Mine' })
  await becomes(b.account.conversation(conversation), (view) => view?.title === 'Mine')
  const removal = b.account.deleteConversation(conversation)
  await becomes(b.account.conversation(conversation), (view) => view?.standing === 'deleting')
  b.network.set(true)
  for (const command of [id, removal.id])
    await becomes(b.account.fate(command), (fate) => fate?.state === 'refused')
  const view = await becomes(b.account.conversation(conversation), (each) => each?.standing === 'member')
  expect(view).toMatchObject({ title: 'Trip', refused: 2, role: 'member', memberCount: 2 })
  expect(view?.members.has(ben.id)).toBe(true)
  expect(viewOf(a.account, conversation)?.title).toBe('Trip')
})

test('[C5] a channel is joined without a network, and written into at once', async () => {
  const [ana, ben] = await people('Ana', 'Ben')
  const [a, b] = [await device(ana), await device(ben)]
  const { conversation } = a.account.createConversation({ kind: 'channel', title: 'News' })
  await becomes(a.account.conversation(conversation), (view) => view?.standing === 'member')
  await becomes(b.account.link, ({ state }) => state === 'live')
  b.network.set(false)
  b.account.join(conversation)
  const view = await becomes(b.account.conversation(conversation), (each) => each?.standing === 'joining')
  expect(view && can(ben.id, { do: 'send' }, view)).toBe(true)
  b.account.send(conversation, { text: 'here I am' })
  b.network.set(true)
  expect(
    await becomes(b.account.conversation(conversation), (each) => each?.standing === 'member'),
  ).toMatchObject({
    title: 'News',
  })
  await becomes(a.account.conversation(conversation), (each) => each?.unread === 1)
})
