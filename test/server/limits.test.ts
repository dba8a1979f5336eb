import { accountRoots, type ConversationId, DEFAULT_LIMITS, newId } from '@parley/protocol'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addAccounts, type TestAccount } from '../kit/accounts.ts'
import { createGroup, say } from '../kit/people.ts'
import { startTestServer, type TestServer } from '../kit/server.ts'
import { connectDevice, type Device } from '../kit/sync-server.ts'

/** The whole server, at a pace at which a test can watch it. */
const limits = { commandsPerSecond: 5, commandsBurst: 10 }
let server: TestServer
let ana: TestAccount
let ben: TestAccount
let device: Device
const group = newId<ConversationId>()

beforeAll(async () => {
  server = await startTestServer({ limits })
  const client = new pg.Client(server.databaseUrl)
  await client.connect()
  ;[ana, ben] = (await addAccounts(client, ['Ana', 'Ben'])) as [TestAccount, TestAccount]
  await client.end()
  device = connectDevice(`${server.url.replace('http', 'ws')}/sync`, ana.id, ana.token)
})
afterAll(async () => {
  device.close()
  await server.close()
})

const sayByRest = (token: string): Promise<Response> =>
  fetch(`${server.url}/api/conversations/${group}/events`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ type: 'message', text: 'by REST' }),
  })

test('the limits are told to every device', async () => {
  const account = device.account()
  await account.until(() => account.stateless.some(({ type }) => type === 'hello'))
  const hello = account.stateless.find(({ type }) => type === 'hello')
  const told = hello?.['limits'] as Record<string, number>
  expect(Object.keys(told).toSorted()).toEqual(Object.keys(DEFAULT_LIMITS).toSorted())
  expect(told).toMatchObject(limits)
})

test('a full outbox and REST draw on one budget; another person’s is another; and it is counted', async () => {
  device.intend(createGroup(group, [ben.id]), ...Array.from({ length: 40 }, (_, n) => say(group, `${n}`)))
  const account = device.account()
  const { outbox } = accountRoots(account.doc)
  await account.until(() => outbox.length < 41)
  const answers: Response[] = []
  while (!answers.some(({ status }) => status === 429)) answers.push(await sayByRest(ana.token))
  const refused = answers.find(({ status }) => status === 429)
  expect(Number(refused?.headers.get('Retry-After'))).toBeGreaterThanOrEqual(1)
  expect(await refused?.text()).toContain('LIMIT_COMMANDS_PER_SECOND')
  // The budget is not REST's alone: the burst was gone before.
  expect(answers.filter(({ status }) => status === 201).length).toBeLessThan(10)
  expect((await sayByRest(ben.token)).status).toBe(201)
  const metrics = await (await fetch(`${server.url}/metrics`)).text()
  expect(metrics).toMatch(/^parley_limited_total\{limit="LIMIT_COMMANDS_PER_SECOND"\} [1-9]/m)
})
