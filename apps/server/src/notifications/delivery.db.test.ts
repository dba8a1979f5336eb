import { type Command, type ConversationId, newId, type UserId } from '@parley/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useDatabase } from '../../../../test/kit/database.ts'
import { addPeople, createGroup, say } from '../../../../test/kit/people.ts'
import {
  connectDevice,
  type Device,
  type Opened,
  startSyncServer,
  type SyncServer,
} from '../../../../test/kit/sync-server.ts'

const db = useDatabase()
const devices: Device[] = []
let server: SyncServer
let alice: UserId
let bob: UserId
let group: ConversationId

beforeAll(async () => {
  server = await startSyncServer(db)
  ;[alice, bob] = (await addPeople(db.pool, 2)) as [UserId, UserId]
  group = newId()
  await does(alice, createGroup(group, [bob]))
})
afterAll(async () => {
  for (const device of devices) device.close()
  await server.close()
})

async function does(author: UserId, ...commands: Command[]): Promise<void> {
  for (const outcome of await server.core.handler.handle(author, commands))
    expect(outcome).toMatchObject({ accepted: true })
}

async function connect(user: UserId): Promise<{ device: Device; account: Opened }> {
  const { token } = await server.auth.tokens.create(user, 'test')
  const device = connectDevice(server.url, user, token)
  devices.push(device)
  return { device, account: device.account() }
}

const mention = (text: string): Command => ({ ...say(group, text), mentions: [bob] })
const typesOf = ({ stateless }: Opened): string[] => stateless.map(({ type }) => type)
const kindsOf = ({ stateless }: Opened) =>
  stateless.flatMap(({ type, kind }) => (type === 'notification' ? [kind] : []))

test('[R3] who comes back hears, after the greeting, what waited; again until it is acknowledged, on every device', async () => {
  await does(alice, mention('while you were away'))
  const phone = await connect(bob)
  await phone.account.until(() => kindsOf(phone.account).length === 2)
  expect(typesOf(phone.account)[0]).toBe('hello')
  expect(kindsOf(phone.account)).toEqual(['added', 'mention'])

  const laptop = await connect(bob)
  await laptop.account.until(() => kindsOf(laptop.account).length === 2)
  const last = (await server.core.notifications.waiting(bob, 10)).at(-1)
  if (last === undefined) throw new Error('nothing waits')
  await server.core.notifications.acknowledge(bob, { upTo: last.id })
  for (const { account } of [phone, laptop]) {
    await account.until(() => typesOf(account).includes('withdrawn'))
    expect(account.stateless.find(({ type }) => type === 'withdrawn')?.['notifications']).toHaveLength(2)
  }
  expect(await server.core.notifications.waiting(bob, 10)).toEqual([])
})

test('who is connected sees what is said, and nothing waits for them; once gone, it does', async () => {
  const { device, account } = await connect(bob)
  await account.until(() => typesOf(account).includes('hello'))
  await does(alice, mention('here'))
  expect(await server.core.notifications.waiting(bob, 10)).toEqual([])
  const gone = new Promise<void>((resolve) => {
    server.core.presence.onGone(async (user) => {
      if (user === bob) resolve()
    })
  })
  for (const each of devices.splice(0)) each.close()
  device.close()
  await gone
  await does(alice, mention('gone'))
  expect((await server.core.notifications.waiting(bob, 10)).map(({ kind }) => kind)).toEqual(['mention'])
})
