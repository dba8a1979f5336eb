import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addAccounts, type TestAccount } from '../kit/accounts.ts'
import { befriend } from '../kit/people.ts'
import { hello, seen } from '../kit/presence.ts'
import { startTestServer, type TestServer } from '../kit/server.ts'
import { connectDevice, type Device } from '../kit/sync-server.ts'

let server: TestServer
let pool: pg.Pool
const devices: Device[] = []

beforeAll(async () => {
  server = await startTestServer()
  pool = new pg.Pool({ connectionString: server.databaseUrl })
})
afterAll(async () => {
  for (const device of devices) device.close()
  await pool.end()
  await server.close()
})

async function connect(account: TestAccount): Promise<Device> {
  const device = connectDevice(`${server.url.replace('http', 'ws')}/sync`, account.id, account.token)
  devices.push(device)
  await hello(device)
  return device
}

const ask = (account: TestAccount, method: string, body?: object): Promise<Response> =>
  fetch(`${server.url}/api/users/me`, {
    method,
    headers: { Authorization: `Bearer ${account.token}`, 'Content-Type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })

const changes = (device: Device): unknown[] =>
  device.account().stateless.flatMap(({ type, ...said }) => (type === 'changed' ? [said] : []))
const hears = (device: Device, count: number): Promise<void> =>
  device.account().until(() => changes(device).length === count)

test('a new name, and the end of an account, are heard of by the other devices and by friends', async () => {
  const [ana, ben] = (await addAccounts(pool, ['Ana', 'Ben'])) as [TestAccount, TestAccount]
  await befriend(pool, ana.id, ben.id)
  const [mine, theirs] = [await connect(ana), await connect(ben)]
  await theirs.account().until(() => seen(theirs.account(), ana.id)?.online === true)
  await mine.account().until(() => seen(mine.account(), ben.id)?.online === true)

  expect((await ask(ana, 'PATCH', { name: 'Anna' })).status).toBe(200)
  await Promise.all([hears(mine, 1), hears(theirs, 1)])
  expect(changes(mine)).toEqual([{ what: 'profile' }])
  expect(changes(theirs)).toEqual([{ what: 'profile', user: ana.id }])

  expect((await ask(ana, 'DELETE')).status).toBe(204)
  await hears(theirs, 3)
  expect(changes(theirs).slice(1)).toEqual(
    expect.arrayContaining([{ what: 'friends' }, { what: 'profile', user: ana.id }]),
  )
  await theirs.account().until(() => seen(theirs.account(), ana.id)?.online === false)
})
