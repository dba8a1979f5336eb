import type { Account, Fate, Fetch, FileToSend, MessageItem, TimelineView } from '@parley/client'
import { memoryStorage, TooManyFiles } from '@parley/client'
import { systemFetch } from '@parley/client/system'
import type { CommandId, ConversationId } from '@parley/protocol'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { addAccounts, type TestAccount } from '../kit/accounts.ts'
import { becomes, startDevice, type TestDevice, testNetwork } from '../kit/client.ts'
import { random } from '../kit/random.ts'
import { type ServerProcess, startServerProcess } from '../kit/server-process.ts'
import { type OpenTab, startBrowser } from '../kit/tabs.ts'
import { startTcpProxy } from '../kit/tcp-proxy.ts'

const MEGABYTE = 1024 * 1024
/** Smaller than what a device believes that has never heard of the server. */
const LARGEST = 6 * MEGABYTE

let server: ServerProcess
let pool: pg.Pool
const ends: (() => unknown)[] = []
let count = 0

beforeAll(async () => {
  server = await startServerProcess({ LIMIT_ATTACHMENT_BYTES: String(LARGEST) })
  pool = new pg.Pool({ connectionString: server.databaseUrl })
  // It loses its connections when the server's database goes; the test that needs one opens it anew.
  pool.on('error', () => undefined)
})
afterAll(async () => {
  await pool.end()
  await server.dispose()
})
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const messages = ({ items }: TimelineView): MessageItem[] => items.filter((item) => item.kind === 'message')
const texts = (view: TimelineView): string[] => messages(view).map(({ text }) => text)
const sees = (account: Account, conversation: ConversationId, expected: readonly string[]) =>
  becomes(account.timeline(conversation), (view) => JSON.stringify(texts(view)) === JSON.stringify(expected))
const isEmpty = (account: Account) => becomes(account.commands, (commands) => commands.length === 0)
const becomesFate = (account: Account, id: CommandId, state: Fate['state']) =>
  becomes(account.fate(id), (fate) => fate?.state === state)

/** Bytes that tell where each of them belongs. */
function file(name: string, size: number): FileToSend {
  const bytes = new Uint8Array(size)
  let state = size + 1
  for (let at = 0; at < size; at += 1) {
    state = (state * 1_103_515_245 + 12_345) >>> 0
    bytes[at] = state >>> 16
  }
  return { name, mediaType: 'application/x-test', bytes: new Blob([bytes]) }
}

/** What a member gets of the nth file of a message. */
async function downloaded(reader: TestAccount, message: MessageItem | undefined, nth = 0): Promise<Buffer> {
  const id = message?.attachments[nth]?.id
  const answer = await fetch(`${server.url}/api/attachments/${id}`, {
    headers: { Authorization: `Bearer ${reader.token}` },
  })
  expect(answer.status).toBe(200)
  return Buffer.from(await answer.arrayBuffer())
}
const bytesOf = async ({ bytes }: FileToSend): Promise<Buffer> => Buffer.from(await bytes.arrayBuffer())

/** Ana, on a device of the test's making, and Ben, in a group of the two. */
async function scene(more: Partial<Parameters<typeof startDevice>[0]> = {}) {
  count += 1
  const [ana, ben] = await addAccounts(pool, [`Ana${count}`, `Ben${count}`])
  if (ana === undefined || ben === undefined) throw new Error('two accounts expected')
  const open = async (options: typeof more = {}): Promise<TestDevice> => {
    const device = await startDevice({ url: server.url, token: ana.token, ...more, ...options })
    ends.push(device.client.close)
    return device
  }
  const his = await startDevice({ url: server.url, token: ben.token })
  ends.push(his.client.close)
  const { conversation } = his.account.createConversation({ kind: 'group', title: 'Trip', members: [ana.id] })
  await becomes(his.account.conversation(conversation), (view) => view?.standing === 'member')
  return { ana, ben, open, his, conversation }
}

/** Notes each piece of a file that leaves the device. */
function pieces(): { readonly sent: { offset: number; size: number }[]; readonly fetch: Fetch } {
  const sent: { offset: number; size: number }[] = []
  return {
    sent,
    fetch: async (url, init) => {
      if (init.method === 'PATCH' && typeof init.body === 'object')
        sent.push({ offset: Number(init.headers['upload-offset']), size: init.body.size })
      return await systemFetch(url, init)
    },
  }
}

test('[C2][C5] files are sent when there is a network, before what was said behind them, and nobody else waits', async () => {
  const { ben, open, his, conversation } = await scene()
  const other = his.account.createConversation({ kind: 'group', title: 'Other' })
  const { account, network } = await open()
  await becomes(account.conversation(conversation), (view) => view?.standing === 'member')
  his.account.addMember(other.conversation, account.me.get().id)
  await becomes(account.conversation(other.conversation), (view) => view?.standing === 'member')
  network.set(false)
  await becomes(account.link, ({ state }) => state === 'offline')

  const [first, second] = [file('first.bin', 3 * MEGABYTE), file('second — ü.bin', 10)]
  const given = account.send(conversation, { text: 'two files', attachments: [first, second] })
  const behind = account.send(conversation, { text: 'behind them' })
  const elsewhere = account.send(other.conversation, { text: 'elsewhere' })
  expect(await Promise.all([given.saved, behind.saved, elsewhere.saved])).toEqual(
    Array.from({ length: 3 }, () => ({ saved: true })),
  )
  const [shown] = messages(await sees(account, conversation, ['two files', 'behind them']))
  expect(shown?.place).toEqual({ state: 'pending', fate: { state: 'saved' } })
  expect(shown?.files.map(({ name, size }) => [name, size])).toEqual([
    ['first.bin', 3 * MEGABYTE],
    ['second — ü.bin', 10],
  ])
  expect(account.conversation(conversation).get()?.pending).toBe(2)

  network.set(true)
  const view = await sees(his.account, conversation, ['two files', 'behind them'])
  await sees(his.account, other.conversation, ['elsewhere'])
  const [said] = messages(view)
  expect(said?.attachments.map(({ name, bytes }) => [name, bytes])).toEqual([
    ['first.bin', 3 * MEGABYTE],
    ['second — ü.bin', 10],
  ])
  expect((await downloaded(ben, said, 0)).equals(await bytesOf(first))).toBe(true)
  expect((await downloaded(ben, said, 1)).equals(await bytesOf(second))).toBe(true)
  await isEmpty(account)
  // What the server has, the device need not keep.
  const kept = await Promise.all((shown?.files ?? []).map(({ id }) => account.fileBytes(id)))
  expect(kept).toEqual([undefined, undefined])
})

test('[C2] a word to somebody else goes out while a file still waits', async () => {
  let isBroken = true
  const { open, his, conversation } = await scene({
    fetch: async (url, init) => {
      if (isBroken && init.method === 'PATCH') throw new TypeError('a bad line')
      return await systemFetch(url, init)
    },
  })
  const other = his.account.createConversation({ kind: 'group', title: 'Other' })
  const { account } = await open()
  await becomes(account.conversation(conversation), (view) => view?.standing === 'member')
  his.account.addMember(other.conversation, account.me.get().id)
  await becomes(account.conversation(other.conversation), (view) => view?.standing === 'member')
  account.send(conversation, { text: 'a file', attachments: [file('a.bin', 100)] })
  account.send(conversation, { text: 'behind it' })
  account.send(other.conversation, { text: 'elsewhere' })
  await sees(his.account, other.conversation, ['elsewhere'])
  expect(texts(his.account.timeline(conversation).get())).toEqual([])
  isBroken = false
  await sees(his.account, conversation, ['a file', 'behind it'])
})

test('[C5] a file goes into a group that was made offline just before', async () => {
  const network = testNetwork()
  const { ben, open } = await scene({ network })
  const { account } = await open()
  await becomes(account.link, ({ state }) => state === 'live')
  network.set(false)
  const { conversation } = account.createConversation({ kind: 'group', title: 'New', members: [ben.id] })
  const picture = file('a.bin', 100)
  account.send(conversation, { text: 'look', attachments: [picture] })
  account.send(conversation, { text: '', attachments: [file('empty.txt', 0)] })
  account.send(conversation, { text: 'and words' })
  network.set(true)
  await isEmpty(account)
  const view = await becomes(
    account.timeline(conversation),
    (each) => messages(each).filter(({ place }) => place.state === 'said').length === 3,
  )
  expect(messages(view).map(({ attachments }) => attachments.map(({ bytes }) => bytes))).toEqual([
    [100],
    [0],
    [],
  ])
  expect((await downloaded(ben, messages(view)[0])).equals(await bytesOf(picture))).toBe(true)
})

test('[C6] what waits with its files is there after a restart, and goes out then', async () => {
  const [storage, network] = [memoryStorage(), testNetwork()]
  const { ben, open, his, conversation } = await scene({ storage, network })
  const before = await open()
  await becomes(before.account.conversation(conversation), (view) => view?.standing === 'member')
  network.set(false)
  before.account.setDraft(conversation, 'a file')
  const sent = file('a.bin', MEGABYTE)
  const given = before.account.send(conversation, { text: 'a file', attachments: [sent] })
  before.account.send(conversation, { text: 'behind it' })
  await given.saved
  before.client.close()

  const { account } = await open()
  const view = await sees(account, conversation, ['a file', 'behind it'])
  expect(messages(view).map(({ place }) => place)).toEqual(
    Array.from({ length: 2 }, () => ({ state: 'pending', fate: { state: 'saved' } })),
  )
  expect(account.draft(conversation).get()).toBe('')
  network.set(true)
  const said = await sees(his.account, conversation, ['a file', 'behind it'])
  expect((await downloaded(ben, messages(said)[0])).equals(await bytesOf(sent))).toBe(true)
})

test('[C4] an upload whose connection dies in the middle goes on from where the server has it', async () => {
  const proxy = await startTcpProxy(server.port, random(7))
  ends.push(proxy.close)
  const { sent, fetch } = pieces()
  const { ben, open, his, conversation } = await scene({ url: `http://127.0.0.1:${proxy.port}`, fetch })
  const { account } = await open()
  await becomes(account.conversation(conversation), (view) => view?.standing === 'member')
  const large = file('large.bin', 5 * MEGABYTE)
  const given = account.send(conversation, { text: 'large', attachments: [large] })
  await becomes(account.uploads, (uploads) => [...uploads.values()].some((each) => each.sent > MEGABYTE))
  proxy.tear(300_000)
  await becomes(account.link, ({ state }) => state !== 'live')
  const said = await sees(his.account, conversation, ['large'])
  await becomesFate(account, given.id, 'accepted')
  expect((await downloaded(ben, messages(said)[0])).equals(await bytesOf(large))).toBe(true)
  // At most the one piece that was torn, and no byte before it, left the device twice.
  const total = sent.reduce((sum, { size }) => sum + size, 0)
  expect(total).toBeGreaterThan(5 * MEGABYTE)
  expect(total).toBeLessThanOrEqual(6 * MEGABYTE)
  expect(sent.map(({ offset }) => offset)).toEqual(sent.map(({ offset }) => offset).toSorted((a, b) => a - b))
})

test('[N1] a server that is killed in the middle of an upload gets the rest of it after its restart', async () => {
  const { sent, fetch } = pieces()
  const { ben, open, his, conversation } = await scene({ fetch })
  const { account } = await open()
  await becomes(account.conversation(conversation), (view) => view?.standing === 'member')
  const large = file('large.bin', 5 * MEGABYTE)
  account.send(conversation, { text: 'large', attachments: [large] })
  account.send(conversation, { text: 'behind it' })
  await becomes(account.uploads, (uploads) => [...uploads.values()].some((each) => each.sent > MEGABYTE))
  await server.kill()
  await becomes(account.link, ({ state }) => state !== 'live')
  await server.start()
  account.reconnect()
  his.account.reconnect()
  const said = await sees(his.account, conversation, ['large', 'behind it'])
  expect((await downloaded(ben, messages(said)[0])).equals(await bytesOf(large))).toBe(true)
  expect(sent.reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(7 * MEGABYTE)
})

test('[C2][C3] a file that the server does not take is refused with its message alone, and what is behind it goes on', async () => {
  const network = testNetwork()
  const { open, his, conversation } = await scene({ network })
  const storage = memoryStorage()
  const before = await open({ storage })
  await becomes(before.account.conversation(conversation), (view) => view?.standing === 'member')
  before.client.close()
  network.set(false)
  // It has not heard of this server's limit since it began.
  const { account } = await open({ storage })
  const given = account.send(conversation, {
    text: 'too large',
    attachments: [file('small.bin', 10), file('large.bin', LARGEST + 1)],
  })
  account.send(conversation, { text: 'behind it' })
  network.set(true)
  await sees(his.account, conversation, ['behind it'])
  const fate = await becomesFate(account, given.id, 'refused')
  expect(fate).toMatchObject({
    code: 'too_large',
    message: expect.stringContaining('LIMIT_ATTACHMENT_BYTES'),
  })
  expect(account.commands.get()[0]).toMatchObject({ id: given.id, files: [{}, { name: 'large.bin' }] })

  account.send(conversation, { text: 'and on' })
  await sees(his.account, conversation, ['behind it', 'and on'])
  await account.retry(given.id)
  await becomesFate(account, given.id, 'refused')
  const files = account.commands.get()[0]?.files ?? []
  await account.discard(given.id)
  expect(account.commands.get()).toEqual([])
  expect(await Promise.all(files.map(({ id }) => account.fileBytes(id)))).toEqual([undefined, undefined])
  await sees(account, conversation, ['behind it', 'and on'])
})

test('[C3] who was removed from the group meanwhile is refused, and sends the same files once they are back', async () => {
  const network = testNetwork()
  const { ana, ben, open, his, conversation } = await scene({ network })
  const { account } = await open()
  await becomes(account.conversation(conversation), (view) => view?.standing === 'member')
  network.set(false)
  const sent = file('a.bin', 1000)
  const given = account.send(conversation, { text: 'a file', attachments: [sent] })
  his.account.removeMember(conversation, ana.id)
  await isEmpty(his.account)
  network.set(true)
  await becomesFate(account, given.id, 'refused')
  his.account.addMember(conversation, ana.id)
  await becomes(account.conversation(conversation), (view) => view?.standing === 'member')
  await account.retry(given.id)
  const said = await sees(his.account, conversation, ['a file'])
  expect((await downloaded(ben, messages(said)[0])).equals(await bytesOf(sent))).toBe(true)
})

test('[C3] a message that was refused after its upload sends its files again when it is tried again', async () => {
  let isForgotten = false
  const { ben, open, his, conversation } = await scene({
    fetch: async (url, init) => {
      const answer = await systemFetch(url, init)
      if (init.method !== 'PATCH' || isForgotten) return answer
      // What no message has named for a day the server gives up.
      isForgotten = true
      await systemFetch(url, { ...init, method: 'DELETE', body: '' })
      return answer
    },
  })
  const { account } = await open()
  await becomes(account.conversation(conversation), (view) => view?.standing === 'member')
  const sent = file('a.bin', 1000)
  const given = account.send(conversation, { text: 'a file', attachments: [sent] })
  await becomesFate(account, given.id, 'refused')
  expect(account.commands.get()).toMatchObject([{ id: given.id, files: [{ name: 'a.bin' }] }])
  await account.retry(given.id)
  const said = await sees(his.account, conversation, ['a file'])
  await isEmpty(account)
  expect((await downloaded(ben, messages(said)[0])).equals(await bytesOf(sent))).toBe(true)
})

test('what the server is known not to take is said before anything is kept', async () => {
  const { open, conversation } = await scene()
  const { account } = await open()
  await becomes(account.welcome, (welcome) => welcome !== undefined)
  const send = (...attachments: readonly FileToSend[]) =>
    account.send(conversation, { text: 'x', attachments })
  expect(() => send(file('large.bin', LARGEST + 1))).toThrow(TooManyFiles)
  expect(() => send(...Array.from({ length: 11 }, (_, n) => file(`${n}`, 1)))).toThrow('more than 10 files')
  expect(account.commands.get()).toEqual([])
})

test('[N1][C1] a tab that dies in the middle of an upload leaves the rest of it to the next', async () => {
  const { ana, ben, his, conversation } = await scene()
  const { sent, fetch } = pieces()
  const browser = startBrowser({ url: server.url, token: ana.token, fetch })
  ends.push(browser.close)
  const [one, two] = [await browser.open(), await browser.open()]
  await Promise.all([one, two].map(({ account }) => becomes(account.link, ({ state }) => state === 'live')))
  await sees(two.account, conversation, [])
  const large = file('large.bin', 5 * MEGABYTE)
  const given = two.account.send(conversation, { text: 'large', attachments: [large] })
  two.account.send(conversation, { text: 'behind it' })
  await becomes(two.account.uploads, (uploads) => [...uploads.values()].some((each) => each.sent > MEGABYTE))
  one.crash()
  const said = await sees(his.account, conversation, ['large', 'behind it'])
  expect((await downloaded(ben, messages(said)[0])).equals(await bytesOf(large))).toBe(true)
  await becomesFate(two.account, given.id, 'accepted')
  await isEmpty(two.account)
  expect(sent.reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(7 * MEGABYTE)
})

test('[C5] what waits with files is sent where there is no window', async () => {
  const { ana, ben, his, conversation } = await scene()
  const browser = startBrowser({ url: server.url, token: ana.token })
  ends.push(browser.close)
  const tab = await browser.open()
  await becomes(tab.account.conversation(conversation), (view) => view?.standing === 'member')
  browser.network.set(false)
  const sent = file('a.bin', 2 * MEGABYTE)
  await tab.account.send(conversation, { text: 'a file', attachments: [sent] }).saved
  await tab.account.send(conversation, { text: 'behind it' }).saved
  tab.crash()
  browser.network.set(true)
  expect(await browser.flush(30_000)).toBe(true)
  const said = await sees(his.account, conversation, ['a file', 'behind it'])
  expect((await downloaded(ben, messages(said)[0])).equals(await bytesOf(sent))).toBe(true)
})

test('signing out counts what waits with files as unsent', async () => {
  const network = testNetwork()
  const { open, conversation } = await scene({ network })
  const { client, account } = await open()
  await becomes(account.conversation(conversation), (view) => view?.standing === 'member')
  network.set(false)
  await account.send(conversation, { text: 'a file', attachments: [file('a.bin', 10)] }).saved
  expect(await client.signOut({ discardUnsent: false })).toEqual({ done: false, unsent: 1 })
})

test.each([1, 2, 3])(
  '[N1][C1][C2][C6] tabs that come, send files and die at any moment lose nothing that was saved, and double nothing (seed %i)',
  async (seed) => {
    const { ana, ben, his, conversation } = await scene()
    const rng = random(seed)
    const browser = startBrowser({ url: server.url, token: ana.token, seed })
    ends.push(browser.close)
    const tabs: OpenTab[] = [await browser.open()]
    await becomes(
      tabs[0]?.account.conversation(conversation) ?? his.account.conversation(conversation),
      (view) => view?.standing === 'member',
    )
    /** What each tab has said, in its order, and the files of it. */
    const words = new Map<OpenTab, string[]>()
    const files = new Map<string, FileToSend>()
    const saved = new Set<string>()
    let crashes = 0
    for (let step = 0; step < 90; step += 1) {
      const what = rng.below(10)
      if (what === 0 && tabs.length < 4) tabs.push(await browser.open())
      else if (what === 1) {
        const [dead] = tabs.splice(rng.below(tabs.length), 1)
        dead?.crash()
        crashes += 1
        if (tabs.length === 0) tabs.push(await browser.open())
      } else if (what === 2) browser.network.set(rng.chance(0.7))
      else if (what <= 4) await new Promise((resolve) => setTimeout(resolve, rng.below(60)))
      else {
        const tab = rng.pick(tabs)
        const own = words.get(tab) ?? []
        words.set(tab, own)
        const text = `tab ${[...words.keys()].indexOf(tab)} says ${own.length}`
        own.push(text)
        const attached = rng.chance(0.4) ? file(`${text}.bin`, rng.below(300_000)) : undefined
        if (attached !== undefined) files.set(text, attached)
        const given = tab.account.send(conversation, {
          text,
          ...(attached !== undefined && { attachments: [attached] }),
        })
        void given.saved.then((answer) => answer.saved && saved.add(text))
      }
    }
    browser.network.set(true)
    const views = [his, ...tabs].map(({ account }) => account.timeline(conversation))
    ends.push(...views.map((view) => view.subscribe(() => undefined)))
    const log = () => texts(his.account.timeline(conversation).get())
    await expect
      .poll(
        () => ({
          waiting: tabs.flatMap(({ account }) => account.commands.get()),
          missing: [...saved].filter((text) => !log().includes(text)),
          shown: views.every((view) => JSON.stringify(texts(view.get())) === JSON.stringify(log())),
        }),
        { timeout: 45_000 },
      )
      .toEqual({ waiting: [], missing: [], shown: true })
    expect(new Set(log()).size).toBe(log().length)
    for (const own of words.values()) {
      const said = log().filter((text) => own.includes(text))
      expect(said).toEqual(own.slice(0, said.length))
    }
    for (const message of messages(his.account.timeline(conversation).get())) {
      const sent = files.get(message.text)
      expect(message.attachments).toHaveLength(sent === undefined ? 0 : 1)
      if (sent !== undefined) expect((await downloaded(ben, message)).equals(await bytesOf(sent))).toBe(true)
    }
    expect([crashes > 2, saved.size > 15, files.size > 5]).toEqual([true, true, true])
  },
)
