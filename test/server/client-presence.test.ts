import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { GRACE } from '../../apps/server/src/presence/presence.ts'
import { addAccounts, type TestAccount } from '../kit/accounts.ts'
import { becomes, startDevice, type TestDevice } from '../kit/client.ts'
import { befriend } from '../kit/people.ts'
import { startTestServer, type TestServer } from '../kit/server.ts'

let server: TestServer
let pool: pg.Pool
let ahead = 0
const devices: TestDevice[] = []

beforeAll(async () => {
  server = await startTestServer({ now: () => Date.now() + ahead })
  pool = new pg.Pool({ connectionString: server.databaseUrl })
})
afterAll(async () => {
  for (const { client } of devices) client.close()
  await pool.end()
  await server.close()
})

async function device(account: TestAccount): Promise<TestDevice> {
  const started = await startDevice({ url: server.url, token: account.token })
  devices.push(started)
  await becomes(started.account.welcome, (welcome) => welcome !== undefined)
  return started
}

test('a friend is seen to come, under a new name, and to go, and since when', async () => {
  const [ana, ben] = (await addAccounts(pool, ['Ana', 'Ben'])) as [TestAccount, TestAccount]
  await befriend(pool, ana.id, ben.id)
  const a = await device(ana)
  const profile = a.account.profile(ben.id)
  await becomes(profile, (seen) => seen?.name === 'Ben')
  expect(profile.get()?.online).toBeUndefined()
  const b = await device(ben)
  await becomes(profile, (seen) => seen?.online === true)
  // Also whoever was there first is seen by who comes.
  await becomes(b.account.profile(ana.id), (seen) => seen?.online === true)

  expect(await b.account.api.updateMe({ name: 'Benjamin' })).toMatchObject({ ok: true })
  await becomes(profile, (seen) => seen?.name === 'Benjamin')
  expect(profile.get()?.online).toBe(true)

  const before = Date.now()
  b.client.close()
  await expect
    .poll(
      () => {
        ahead += GRACE
        return profile.get()?.online
      },
      { timeout: 20_000 },
    )
    .toBe(false)
  expect(profile.get()?.lastActiveAt).toBeGreaterThanOrEqual(before)
  a.network.set(false)
  await becomes(profile, (seen) => seen?.online === undefined)
})
