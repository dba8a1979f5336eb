import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ConversationId, newId } from '@parley/protocol'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addAccounts, type TestAccount } from '../kit/accounts.ts'
import { type Child, startChild } from '../kit/child.ts'
import { startTestServer, type TestServer } from '../kit/server.ts'

const ROOT = new URL('../../', import.meta.url).pathname
let server: TestServer
let accounts: TestAccount[]
let folder: string
const programs: Child[] = []

beforeAll(async () => {
  server = await startTestServer()
  const db = new pg.Client({ connectionString: server.databaseUrl })
  await db.connect()
  accounts = await addAccounts(db, ['Ana', 'Bot'])
  await db.end()
  // Within the project, so that the script finds the packages that its reader would install.
  folder = await mkdtemp(join(ROOT, 'node_modules/.cache-program-'))
  const page = await readFile(join(ROOT, 'docs/program.md'), 'utf8')
  const [, script, ...more] = page.split(/^```(?:js)?$/m)
  expect(more.length, 'one block of code on the page').toBe(1)
  expect(script?.trim().split('\n').length, 'ten lines, as the page promises').toBeLessThanOrEqual(10)
  await writeFile(join(folder, 'say.mjs'), script ?? '')
})

afterAll(async () => {
  await Promise.all(programs.map((program) => program.end('SIGKILL')))
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

const run = (token: string, conversation: string, text: string): Child => {
  const program = startChild(join(folder, 'say.mjs'), [conversation, text], {
    env: { PARLEY: server.url, TOKEN: token },
  })
  programs.push(program)
  return program
}

async function post(token: string, path: string, body: object): Promise<unknown> {
  const answer = await fetch(`${server.url}/api${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(answer.ok, `${path}: ${answer.status}`).toBe(true)
  return answer.json()
}

test('the script on the page reads a conversation, speaks in it, and hears the others', async () => {
  const [ana, bot] = accounts as [TestAccount, TestAccount]
  const conversation = newId<ConversationId>()
  await post(ana.token, '/conversations', {
    id: conversation,
    kind: 'group',
    title: 'Bots',
    members: [bot.id],
  })
  await post(ana.token, `/conversations/${conversation}/events`, {
    type: 'message',
    text: 'Is anybody there?',
  })

  const program = run(bot.token, conversation, 'I am')
  expect(await program.line('4 ')).toBe(`4 ${ana.id}: Is anybody there?`)
  expect(await program.line('5 ')).toBe(`5 ${bot.id}: I am`)

  await post(ana.token, `/conversations/${conversation}/events`, { type: 'message', text: 'Good' })
  expect(await program.line('6 ')).toBe(`6 ${ana.id}: Good`)

  const page = await fetch(`${server.url}/api/conversations/${conversation}/events?after=4&limit=1`, {
    headers: { authorization: `Bearer ${ana.token}` },
  })
  expect(await page.json()).toMatchObject({
    events: [{ seq: 5, author: bot.id, type: 'message', text: 'I am' }],
  })
})
