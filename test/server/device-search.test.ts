import type { Account } from '@parley/client'
import { memorySearch } from '@parley/client/search/memory'
import { systemClock } from '@parley/client/system'
import { type ConversationId, directConversationId, type rest } from '@parley/protocol'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { addAccounts, type TestAccount } from '../kit/accounts.ts'
import { becomes, startDevice, type TestDevice } from '../kit/client.ts'
import { befriend } from '../kit/people.ts'
import { type ServerProcess, startServerProcess } from '../kit/server-process.ts'

/** Words that begin alike, with accents, without spaces, with signs between. */
const WORDS =
  'plan plans planning lunch Lunch café cafe Größe grosse me meet meeting 会议 会议室 明天 プラン ปลา 👍 👍🏽 can’t a-b x'.split(
    ' ',
  )

let server: ServerProcess
let pool: pg.Pool
let ana: TestAccount
let ben: TestAccount
let his: TestDevice
let hers: TestDevice

beforeAll(async () => {
  server = await startServerProcess()
  pool = new pg.Pool({ connectionString: server.databaseUrl })
  const [first, second] = await addAccounts(pool, ['Ana', 'Ben'])
  if (first === undefined || second === undefined) throw new Error('two accounts expected')
  ;[ana, ben] = [first, second]
  await befriend(pool, ana.id, ben.id)
  const start = (token: string) => startDevice({ url: server.url, token, search: memorySearch(systemClock) })
  ;[hers, his] = [await start(ana.token), await start(ben.token)]

  const made = ['Berlin', 'Bergen', 'Garden'].map(
    (title) => hers.account.createConversation({ kind: 'group', title, members: [ben.id] }).conversation,
  )
  const { conversation: direct } = hers.account.openDirect(ben.id)
  const all = [...made, direct]
  await Promise.all(
    all.map((id) => becomes(his.account.conversation(id), (view) => view?.standing === 'member')),
  )
  const texts = fc.sample(fc.array(fc.constantFrom(...WORDS, '!', '\n'), { minLength: 1, maxLength: 6 }), {
    numRuns: 500,
    seed: 7,
  })
  for (const [number, words] of texts.entries()) {
    const conversation = all[number % all.length] ?? direct
    const { account } = number % 3 === 0 ? his : hers
    account.send(conversation, { text: `${words.join(number % 5 === 0 ? '' : ' ')}.` })
  }
  // The last that anybody says, so that whoever finds it has everything.
  for (const [{ account }, word] of [
    [hers, 'heruntold'],
    [his, 'hisuntold'],
  ] as const)
    for (const id of all) account.send(id, { text: word })
  await becomes(hers.account.commands, (commands) => commands.length === 0)
  await becomes(his.account.commands, (commands) => commands.length === 0)

  const isThere = async (typed: string, ask: typeof onServer): Promise<boolean> =>
    (await ask(hers.account, typed, 50)).length === all.length
  for (const word of ['heruntold', 'hisuntold'])
    for (const ask of [onServer, onDevice])
      await vi.waitFor(async () => expect(await isThere(word, ask)).toBe(true), { timeout: 30_000 })
})
afterAll(async () => {
  for (const device of [hers, his]) device.client.close()
  await pool.end()
  await server.stop()
  await server.dispose()
})

/** A message that was found, as far as it is told of by both. */
type Hit = readonly [ConversationId, number, rest.SearchResult['highlights']]

/** All pages of this size. */
async function onServer({ api }: Account, typed: string, limit: number): Promise<readonly Hit[]> {
  const hits: Hit[] = []
  let next: string | undefined
  do {
    const answer = await api.search({ q: typed, limit }, next)
    if (!answer.ok) throw new Error(`${typed}: ${answer.message}`)
    for (const { conversation, message, highlights } of answer.value.items)
      hits.push([conversation, message.seq, highlights])
    next = answer.value.next
  } while (next !== undefined)
  return hits
}
async function onDevice(account: Account, typed: string, limit: number): Promise<readonly Hit[]> {
  const hits: Hit[] = []
  let after: Parameters<Account['search']>[1] = {}
  do {
    const page = await account.search(typed, { limit, ...after })
    if (page === undefined) throw new Error(`${typed}: the device cannot be searched`)
    for (const { conversation, event, highlights } of page.hits)
      hits.push([conversation, event.seq, [...highlights]])
    after = page.next && { after: page.next }
  } while (after !== undefined)
  return hits
}

const same = async (typed: string, limit: number): Promise<number> => {
  const device = await onDevice(hers.account, typed, limit)
  expect(device, typed).toEqual(await onServer(hers.account, typed, limit))
  return device.length
}

test.each([
  'plan',
  '"plan"',
  'PLANS lunch',
  '"lunch plan"',
  'cafe',
  'gross',
  '会议',
  '议',
  '明天会议',
  '👍',
  'can’t',
  'a-b',
  'me',
  'mee -meeting',
  'plan in:berl',
  'plan in:ber',
  'from:@nobody plan',
  'in:nowhere plan',
  'after:2020-01-01 lunch',
  'before:2020-01-01 lunch',
  'has:file',
  '!!!',
])('[R5] %s finds on the device what it finds on the server, in the same order', async (typed) => {
  await same(typed, 7)
})

test('[R5] by author, and with the other alone', async () => {
  expect(await same(`from:@${his.account.me.get().username} plan`, 50)).toBeGreaterThan(10)
  expect(await same(`from:@${his.account.me.get().username}`, 50)).toBeGreaterThan(100)
  expect(await same(`in:@${his.account.me.get().username} plan`, 50)).toBeGreaterThan(10)
  expect(await same(`in:${directConversationId(ana.id, ben.id)} lunch`, 50)).toBeGreaterThan(5)
})

test('[R5] whatever is typed finds on the device what it finds on the server', async () => {
  const word = fc.constantFrom(...WORDS, 'pla', 'mee', 'lun', 'gro')
  const term = fc.oneof(
    { weight: 4, arbitrary: word },
    fc.tuple(word, word).map((words) => `"${words.join(' ')}"`),
    word.map((each) => `-${each}`),
    fc.constantFrom(
      'in:ber',
      'in:garden',
      `from:@${his.account.me.get().username}`,
      `from:@${hers.account.me.get().username}`,
    ),
  )
  const typed = fc.array(term, { minLength: 1, maxLength: 4 }).map((terms) => terms.join(' '))
  let found = 0
  await fc.assert(
    fc.asyncProperty(typed, fc.integer({ min: 20, max: 50 }), async (each, limit) => {
      found += await same(each, limit)
    }),
    { numRuns: 40 },
  )
  expect(found).toBeGreaterThan(0)
})
