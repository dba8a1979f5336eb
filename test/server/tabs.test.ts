import type { Account, MessageItem, TimelineView } from '@parley/client'
import type { ConversationId } from '@parley/protocol'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { addAccounts, type TestAccount } from '../kit/accounts.ts'
import { becomes, startDevice } from '../kit/client.ts'
import { random } from '../kit/random.ts'
import { type ServerProcess, startServerProcess } from '../kit/server-process.ts'
import { type OpenTab, startBrowser } from '../kit/tabs.ts'

let server: ServerProcess
let pool: pg.Pool
const ends: (() => void)[] = []
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
  for (const end of ends.splice(0)) end()
})

const messages = ({ items }: TimelineView): MessageItem[] => items.filter((item) => item.kind === 'message')
const texts = (view: TimelineView): string[] => messages(view).map(({ text }) => text)
const isLive = (account: Account) => becomes(account.link, ({ state }) => state === 'live')
const sees = (account: Account, conversation: ConversationId, expected: readonly string[]) =>
  becomes(account.timeline(conversation), (view) => JSON.stringify(texts(view)) === JSON.stringify(expected))
const isEmpty = (account: Account) => becomes(account.commands, (commands) => commands.length === 0)
const numbered = (word: string, length: number) => Array.from({ length }, (_, n) => `${word} ${n + 1}`)

/** Ana with a browser, Ben with a program, and a group of the two. */
async function scene(seed = 1) {
  count += 1
  const [ana, ben] = await addAccounts(pool, [`Ana${count}`, `Ben${count}`])
  if (ana === undefined || ben === undefined) throw new Error('two accounts expected')
  const browser = startBrowser({ url: server.url, token: ana.token, seed })
  const his = await startDevice({ url: server.url, token: ben.token })
  ends.push(browser.close, his.client.close)
  const { conversation } = his.account.createConversation({
    kind: 'group',
    title: 'Trip',
    members: [ana.id],
  })
  await becomes(his.account.conversation(conversation), (view) => view?.standing === 'member')
  return { ana, ben, browser, his, conversation }
}

const connections = async ({ id }: TestAccount): Promise<number> => {
  const { rows } = await pool.query<{ count: string }>(
    'SELECT count(*) FROM active_connections WHERE user_id = $1',
    [id],
  )
  return Number(rows[0]?.count)
}

test('three tabs of one person have one connection, and all of them show all', async () => {
  const { ana, browser, his, conversation } = await scene()
  const tabs = await Promise.all([browser.open(), browser.open(), browser.open()])
  await Promise.all(tabs.map(({ account }) => isLive(account)))
  const shown = tabs.map(({ account }) => sees(account, conversation, ['one', 'two', 'three']))
  for (const text of ['one', 'two', 'three']) his.account.send(conversation, { text })
  await Promise.all(shown)
  expect(browser.sockets()).toBe(1)
  // The server stores beside the rest who is there.
  await expect.poll(() => connections(ana)).toBe(1)
  for (const { account } of tabs) {
    const view = await becomes(account.conversation(conversation), (each) => each?.unread === 3)
    expect(view).toMatchObject({ title: 'Trip', mentions: 0 })
    await becomes(account.history, ({ held, total, isFilling }) => held === total && total > 3 && !isFilling)
    expect(account.welcome.get()).toEqual(tabs[0]?.account.welcome.get())
  }
})

test('[C2][C1] what tabs write goes out through the one that leads, once and in the order of each', async () => {
  const { browser, his, conversation } = await scene()
  const [one, two] = [await browser.open(), await browser.open()]
  await Promise.all([isLive(one.account), isLive(two.account)])
  const given = numbered('n', 10).map((text) => [
    one.account.send(conversation, { text: `one ${text}` }),
    two.account.send(conversation, { text: `two ${text}` }),
  ])
  expect(await Promise.all(given.flat().map(({ saved }) => saved))).toEqual(
    given.flat().map(() => ({ saved: true })),
  )
  const view = await becomes(his.account.timeline(conversation), (each) => texts(each).length === 20)
  for (const tab of ['one', 'two'])
    expect(texts(view).filter((text) => text.startsWith(tab))).toEqual(numbered(`${tab} n`, 10))
  await Promise.all([one, two].map(({ account }) => sees(account, conversation, texts(view))))
  await Promise.all([one, two].map(({ account }) => isEmpty(account)))
  const last = given.at(-1)?.[1]
  if (last === undefined) throw new Error('it was given')
  await becomes(two.account.fate(last.id), (fate) => fate?.state === 'accepted' && fate.seq !== undefined)
  expect([one.sockets(), two.sockets()]).toEqual([1, 0])
})

test('[C5] without a network tabs show what each has written, read and begun to write', async () => {
  const { browser, his, conversation } = await scene()
  const [one, two] = [await browser.open(), await browser.open()]
  his.account.send(conversation, { text: 'unread' })
  await Promise.all([one, two].map(({ account }) => sees(account, conversation, ['unread'])))
  browser.network.set(false)
  await becomes(two.account.link, ({ state }) => state === 'offline')
  one.account.send(conversation, { text: 'from one' })
  await sees(two.account, conversation, ['unread', 'from one'])
  two.account.send(conversation, { text: 'from two' })
  two.account.markRead(conversation, two.account.conversation(conversation).get()?.lastSeq ?? 0)
  two.account.setDraft(conversation, 'half a thou')
  await sees(one.account, conversation, ['unread', 'from one', 'from two'])
  await becomes(one.account.conversation(conversation), (view) => view?.unread === 0)
  await becomes(one.account.draft(conversation), (draft) => draft === 'half a thou')
  const group = two.account.createConversation({ kind: 'group', title: 'Later' })
  await becomes(one.account.conversation(group.conversation), (view) => view?.standing === 'creating')
  const waiting = one.account.commands.get()
  expect(waiting.map(({ fate }) => fate.state)).toEqual(['saved', 'saved', 'saved'])
  await two.account.discard(waiting[0]?.id ?? group.id)
  await sees(one.account, conversation, ['unread', 'from two'])
  browser.network.set(true)
  await sees(his.account, conversation, ['unread', 'from two'])
  await Promise.all([one, two].map(({ account }) => isEmpty(account)))
  await becomes(one.account.conversation(group.conversation), (view) => view?.standing === 'member')
})

test('[N1][C1] when the leading tab dies another has its connection at once, and sends what it left on the disk', async () => {
  const { ana, browser, his, conversation } = await scene()
  const [one, two, three] = [await browser.open(), await browser.open(), await browser.open()]
  await Promise.all([one, two, three].map(({ account }) => isLive(account)))
  await sees(three.account, conversation, [])
  // On the disk, and told to nobody.
  one.tab.channel.crash()
  browser.network.set(false)
  await one.account.send(conversation, { text: 'last words' }).saved
  one.crash()
  browser.network.set(true)
  two.account.send(conversation, { text: 'from two' })
  three.account.send(conversation, { text: 'from three' })
  const view = await becomes(his.account.timeline(conversation), (each) => texts(each).length === 3)
  expect(texts(view).toSorted()).toEqual(['from three', 'from two', 'last words'])
  await Promise.all([two, three].map(({ account }) => sees(account, conversation, texts(view))))
  await expect.poll(() => [two.sockets(), three.sockets()].toSorted()).toEqual([0, 1])
  await expect.poll(() => connections(ana)).toBe(1)
})

test('[N1][C1] what a tab without the connection leaves on the disk when it dies is sent by the one that has it', async () => {
  const { browser, his, conversation } = await scene()
  const [one, two] = [await browser.open(), await browser.open()]
  await Promise.all([isLive(one.account), isLive(two.account)])
  // On the disk, and told to nobody.
  two.tab.channel.crash()
  await two.account.send(conversation, { text: 'last words' }).saved
  two.crash()
  await sees(his.account, conversation, ['last words'])
  await sees(one.account, conversation, ['last words'])
})

test('[C5][C1] where no tab is open, the worker sends what waits, and once', async () => {
  const { browser, his, conversation } = await scene()
  const one = await browser.open()
  await becomes(one.account.conversation(conversation), (view) => view?.standing === 'member')
  browser.network.set(false)
  const waiting = numbered('waiting', 5)
  for (const text of waiting) await one.account.send(conversation, { text }).saved
  one.client.close()
  expect(await browser.flush(300)).toBe(false)
  browser.network.set(true)
  expect(await browser.flush(20_000)).toBe(true)
  await sees(his.account, conversation, waiting)
  expect(await browser.flush(20_000)).toBe(true)
  const two = await browser.open()
  await isLive(two.account)
  await sees(two.account, conversation, waiting)
  expect(two.account.commands.get()).toEqual([])
})

test('[C5][C1] a worker leaves the sending to a tab that is open, and goes on where that one dies', async () => {
  const { browser, his, conversation } = await scene()
  const one = await browser.open()
  await becomes(one.account.conversation(conversation), (view) => view?.standing === 'member')
  browser.network.set(false)
  await one.account.send(conversation, { text: 'waiting' }).saved
  const flushed = browser.flush(20_000)
  await one.account.send(conversation, { text: 'and this' }).saved
  one.crash()
  browser.network.set(true)
  expect(await flushed).toBe(true)
  await sees(his.account, conversation, ['waiting', 'and this'])
})

test('[S3] a person in two tabs is one person, who types where any of them types, and is gone with the last', async () => {
  const { ana, browser, his, conversation } = await scene()
  const [one, two] = [await browser.open(), await browser.open()]
  await Promise.all([isLive(one.account), isLive(two.account)])
  const presence = his.account.presence(conversation)
  const ends = [one, two].map(({ account }) => account.presence(conversation).subscribe(() => undefined))
  const seen = presence.subscribe(() => undefined)
  expect((await becomes(presence, ({ active }) => active.length > 0)).active).toHaveLength(1)
  two.account.typing(conversation)
  expect((await becomes(presence, ({ typing }) => typing.length > 0)).typing).toEqual([
    { id: ana.id, name: ana.name },
  ])
  two.account.stopTyping(conversation)
  await becomes(presence, ({ typing }) => typing.length === 0)
  his.account.typing(conversation)
  for (const { account } of [one, two])
    await becomes(account.presence(conversation), ({ typing }) => typing.length === 1)

  ends[0]?.()
  two.account.typing(conversation)
  await becomes(presence, ({ typing, active }) => typing.length === 1 && active.length === 1)
  // Gone without a word: what it said of the person goes with it.
  two.crash()
  await becomes(presence, ({ typing, active }) => typing.length + active.length === 0)
  seen()
})

test('[R4] a tab that follows shows history that is not on the device yet, and the server is asked once for all', async () => {
  const { browser, his, conversation } = await scene()
  for (const text of numbered('line', 400)) his.account.send(conversation, { text })
  await isEmpty(his.account)
  const [one, two] = await Promise.all([browser.open(), browser.open()])
  const timeline = two.account.timeline(conversation)
  const end = timeline.subscribe(() => undefined)
  await becomes(timeline, (view) => texts(view).at(-1) === 'line 400')
  while (timeline.get().hasOlder) await timeline.older()
  expect(texts(timeline.get())).toEqual(numbered('line', 400))
  end()
  const histories = await Promise.all(
    [one, two].map(({ account }) =>
      becomes(account.history, ({ held, total }) => held === total && total > 400),
    ),
  )
  expect(histories[0]).toEqual(histories[1])
})

test('a tab that the browser stops passes on the connection, and knows all when it runs again', async () => {
  const { browser, his, conversation } = await scene()
  const [one, two] = [await browser.open(), await browser.open()]
  await Promise.all([isLive(one.account), isLive(two.account)])
  one.tab.sight.set('frozen')
  await expect.poll(() => [one.sockets(), two.sockets()]).toEqual([0, 1])
  await isLive(two.account)
  his.account.send(conversation, { text: 'meanwhile' })
  await sees(two.account, conversation, ['meanwhile'])
  one.tab.sight.set('visible')
  await sees(one.account, conversation, ['meanwhile'])
  one.account.send(conversation, { text: 'back again' })
  await sees(his.account, conversation, ['meanwhile', 'back again'])
  await expect.poll(browser.sockets).toBe(1)
})

const SEEDS = (process.env['SEEDS'] ?? '1 2 3').split(' ').map(Number)
test.for(SEEDS)(
  '[N1][C1][C2] tabs that come, write and die at any moment lose nothing that was saved, and double nothing (seed %i)',
  async (seed) => {
    const { browser, his, conversation } = await scene(seed)
    const rng = random(seed)
    const tabs: OpenTab[] = [await browser.open()]
    const given: string[][] = []
    const saved = new Set<string>()
    const words = new Map<OpenTab, string[]>()
    let crashes = 0
    for (let step = 0; step < 150; step += 1) {
      const what = rng.below(10)
      if (what === 0 && tabs.length < 4) tabs.push(await browser.open())
      else if (what === 1) {
        const [dead] = tabs.splice(rng.below(tabs.length), 1)
        dead?.crash()
        crashes += 1
        if (tabs.length === 0) tabs.push(await browser.open())
      } else if (what === 2) browser.network.set(rng.chance(0.6))
      else if (what === 3) await new Promise((resolve) => setTimeout(resolve, rng.below(30)))
      else if (what === 4) rng.pick(tabs).tab.sight.set(rng.pick(['visible', 'hidden', 'frozen']))
      else {
        const tab = rng.pick(tabs)
        const own = words.get(tab) ?? []
        if (own.length === 0) given.push(own)
        words.set(tab, own)
        const text = `tab ${given.indexOf(own)} says ${own.length}`
        own.push(text)
        const { saved: isSaved } = tab.account.send(conversation, { text })
        void isSaved.then((answer) => answer.saved && saved.add(text))
      }
    }
    browser.network.set(true)
    for (const { tab } of tabs) tab.sight.set('visible')
    const timelineOf = ({ account }: { readonly account: Account }) => account.timeline(conversation)
    const views = [his, ...tabs].map(timelineOf)
    ends.push(...views.map((view) => view.subscribe(() => undefined)))
    const log = () => texts(timelineOf(his).get())
    // What a dead tab had just put on the disk is found there by the next, a moment later.
    await expect
      .poll(
        () => ({
          waiting: tabs.flatMap(({ account }) => account.commands.get()),
          missing: [...saved].filter((text) => !log().includes(text)),
          shown: views.every((view) => JSON.stringify(texts(view.get())) === JSON.stringify(log())),
        }),
        { timeout: 30_000 },
      )
      .toEqual({ waiting: [], missing: [], shown: true })
    expect(new Set(log()).size).toBe(log().length)
    for (const own of given) {
      const said = log().filter((text) => own.includes(text))
      expect(said).toEqual(own.slice(0, said.length))
    }
    expect([crashes > 5, saved.size > 30]).toEqual([true, true])
  },
)
