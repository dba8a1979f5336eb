import { once } from 'node:events'
import { request } from 'node:http'
import {
  accountDocument,
  accountRoots,
  type ConversationId,
  conversationDocument,
  conversationRoots,
  type Limits,
  type Millis,
  newId,
  type PresenceSeen,
  type UserId,
} from '@parley/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { useDatabase } from '../../../../test/kit/database.ts'
import { awarenessFrame, awarenessUpdate, syncStep1Frame } from '../../../../test/kit/frames.ts'
import { UNHURRIED } from '../../../../test/kit/limits.ts'
import { addPeople, createGroup, say } from '../../../../test/kit/people.ts'
import { RawPeer } from '../../../../test/kit/raw-peer.ts'
import {
  connectDevice,
  type Device,
  type Opened,
  startSyncServer,
  type SyncServer,
} from '../../../../test/kit/sync-server.ts'
import { eventsAfter } from '../queries/events.ts'

const db = useDatabase()
const closings: (() => Promise<void> | void)[] = []
let alice: UserId
let bob: UserId
let group: ConversationId

beforeEach(async () => {
  ;[alice, bob] = (await addPeople(db.pool, 2)) as [UserId, UserId]
  group = newId()
})
afterEach(async () => {
  for (const close of closings.splice(0).toReversed()) await close()
})

async function start(limits: Partial<Limits>, now: () => Millis = Date.now): Promise<SyncServer> {
  const server = await startSyncServer(db, { ...UNHURRIED, ...limits }, undefined, now)
  closings.push(() => server.close())
  return server
}

/** Lets nothing be earned again, however long a test takes. */
const standstill = (): (() => Millis) => {
  const at = Date.now()
  return () => at
}

/** Alice's group with Bob, said by the server so that it costs nobody's budget. */
const found = (server: SyncServer): Promise<unknown> =>
  server.core.handler.handle(alice, [createGroup(group, [bob])])

const tokenOf = async ({ auth }: SyncServer, user: UserId): Promise<string> =>
  (await auth.tokens.create(user, 'test')).token

async function device(server: SyncServer, user: UserId): Promise<Device> {
  const connected = connectDevice(server.url, user, await tokenOf(server, user))
  closings.push(() => connected.close())
  return connected
}

async function raw(server: SyncServer): Promise<RawPeer> {
  const peer = await RawPeer.connect(server.url.replace(/\/sync$/, ''))
  closings.push(() => peer.close())
  return peer
}

const texts = ({ doc }: Opened): string[] =>
  conversationRoots(doc)
    .events.toArray()
    .flatMap((event) => (event.type === 'message' ? [event.text] : []))
const numbers = (count: number): string[] => Array.from({ length: count }, (_, n) => `${n}`)
const saidInAll = async (): Promise<string[]> =>
  (await eventsAfter(db.kysely, group, 0, 1000)).flatMap((event) =>
    event.type === 'message' ? [event.text] : [],
  )

/** Resolves when the server has everything that the device has written. */
const handedOver = (account: Opened): Promise<void> =>
  account.until(() => account.provider.isSynced && !account.provider.hasUnsyncedChanges)

describe('more commands than their owner may give at once', () => {
  test('[C2] [C4] all take effect, in order, also when every device of the owner leaves after handing them over', async () => {
    const server = await start({ commandsPerSecond: 100, commandsBurst: 5 })
    await found(server)
    const theirs = (await device(server, bob)).conversation(group)
    await theirs.until(() => theirs.provider.isSynced)
    const mine = await device(server, alice)
    await handedOver(mine.account())
    // However long it takes to hand them over, none takes effect before the device leaves.
    const busy = await db.pool.connect()
    await busy.query('BEGIN')
    await busy.query('SELECT FROM conversations WHERE id = $1 FOR UPDATE', [group])
    mine.intend(...numbers(60).map((text) => say(group, text)))
    await handedOver(mine.account())
    expect(accountRoots(mine.account().doc).outbox.length).toBe(60)
    mine.close()
    await busy.query('COMMIT')
    busy.release()
    await theirs.until(() => texts(theirs).length === 60)
    expect(texts(theirs)).toEqual(numbers(60))
    // And what was kept for them is then stored and let go: whoever comes back finds it done.
    const again = (await device(server, alice)).account()
    await again.until(() => again.provider.isSynced && accountRoots(again.doc).outbox.length === 0)
  })

  test('[N4] do not hold up a shutdown; what was not taken is taken when its owner comes back', async () => {
    const first = await startSyncServer(db, { ...UNHURRIED, commandsPerSecond: 1, commandsBurst: 5 })
    await found(first)
    const before = await device(first, alice)
    before.intend(...numbers(30).map((text) => say(group, text)))
    await handedOver(before.account())
    before.close()
    await first.close()
    // All thirty, at one a second, would have been waited for otherwise.
    expect((await saidInAll()).length).toBeLessThan(25)
    const second = await start({})
    // Alice's other device, which has nothing of it.
    const after = (await device(second, alice)).conversation(group)
    ;(await device(second, alice)).account()
    await after.until(() => texts(after).length === 30)
    expect(texts(after)).toEqual(numbers(30))
  })

  test('[S4] are not given any more by somebody who is gone', async () => {
    const server = await start({ commandsPerSecond: 10, commandsBurst: 5 })
    await found(server)
    const mine = await device(server, alice)
    mine.intend(...numbers(200).map((text) => say(group, text)))
    await handedOver(mine.account())
    await db.pool.query(`UPDATE users SET disabled_at = 1 WHERE id = $1`, [alice])
    server.auth.announceErased(alice)
    await mine.account().until(() => !mine.account().provider.isSynced)
    mine.close()
    const hers = async (): Promise<number> =>
      (await saidInAll()).filter((text) => !text.startsWith('bob')).length
    const theirs = await device(server, bob)
    const seen = theirs.conversation(group)
    // Bob's take as long as ten of hers would, at least: sooner or later none of hers comes meanwhile.
    let [before, after] = [-1, await hers()]
    for (let stretch = 0; before !== after; stretch += 1) {
      theirs.intend(...numbers(15).map((text) => say(group, `bob ${stretch}.${text}`)))
      await seen.until(() => texts(seen).includes(`bob ${stretch}.14`))
      ;[before, after] = [after, await hers()]
    }
    expect(after).toBeLessThan(200)
  })

  test('[S5] and more than an outbox holds are not accepted, and end the document', async () => {
    const server = await start({ commandsPerSecond: 1, commandsBurst: 1, outboxCommands: 50 })
    await found(server)
    const mine = (await device(server, alice)).account()
    await mine.until(() => mine.provider.isSynced)
    accountRoots(mine.doc).outbox.push(Array.from({ length: 200 }, () => null))
    await mine.until(() => mine.closed.length > 0)
    expect(mine.closed).toEqual(['too_large'])
    const other = await device(server, alice)
    await handedOver(other.account())
    expect(accountRoots(other.account().doc).outbox.length).toBe(0)
    // What fits is taken, as ever.
    other.intend(say(group, 'fits'))
    const seen = other.conversation(group)
    await seen.until(() => texts(seen).includes('fits'))
  })
})

describe('[S5] sockets', () => {
  test('of one user are limited, and one too many hears why', async () => {
    const server = await start({ socketsPerUser: 2 })
    const token = await tokenOf(server, alice)
    const [one, two, three] = [await raw(server), await raw(server), await raw(server)]
    const name = accountDocument(alice)
    expect((await one.open(name, token)).granted).toBe(true)
    expect((await two.open(name, token)).granted).toBe(true)
    await expect(three.open(name, token)).rejects.toThrow('closed with 4429')
    expect(await three.untilClosed()).toEqual({ code: 4429, reason: 'rate_limited' })
    const others = await raw(server)
    expect((await others.open(accountDocument(bob), await tokenOf(server, bob))).granted).toBe(true)
    // One goes, and there is room again.
    one.close()
    for (;;) {
      const next = await raw(server)
      const answer = await next.open(name, token).catch(() => undefined)
      if (answer?.granted === true) break
    }
  })

  test('with a session hear it too', async () => {
    const server = await start({ socketsPerUser: 1 })
    const { setCookie } = await server.auth.sessions.start(alice, undefined)
    const Cookie = setCookie.split(';')[0] as string
    const url = server.url.replace(/\/sync$/, '')
    const first = await RawPeer.connect(url, { Cookie })
    expect((await first.open(accountDocument(alice), '')).granted).toBe(true)
    const second = await RawPeer.connect(url, { Cookie })
    expect(await second.untilClosed()).toEqual({ code: 4429, reason: 'rate_limited' })
    // Nor does it matter what one that is turned away sends meanwhile.
    const third = await RawPeer.connect(url, { Cookie })
    third.send(new Uint8Array(9 * 1024 * 1024), 'text')
    await third.untilClosed()
    expect(await first.settled(accountDocument(alice))).toBe('answered')
    first.close()
  })

  test('opened from one address too fast are refused with the time to wait', async () => {
    const server = await start({ addressSocketsPerSecond: 1, addressSocketsBurst: 2 }, standstill())
    const upgrade = async (): Promise<[number | undefined, string | undefined]> => {
      const asked = request(server.url.replace('ws', 'http'), {
        headers: {
          Connection: 'Upgrade',
          Upgrade: 'websocket',
          'Sec-WebSocket-Version': '13',
          'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
        },
      })
      asked.end()
      const [answer, socket] = (await Promise.race([once(asked, 'upgrade'), once(asked, 'response')])) as [
        { statusCode?: number; headers: Record<string, string | undefined> },
        { destroy(): void } | undefined,
      ]
      socket?.destroy()
      return [answer.statusCode, answer.headers['retry-after']]
    }
    expect([await upgrade(), await upgrade(), await upgrade()]).toEqual([
      [101, undefined],
      [101, undefined],
      [429, '1'],
    ])
  })

  test('hold so many documents and no more, also of one document under many names', async () => {
    const server = await start({ documentsPerSocket: 10 })
    await found(server)
    const token = await tokenOf(server, bob)
    const peer = await raw(server)
    const name = conversationDocument(group)
    let granted = 0
    while ((await peer.open(`${name}\0${granted}`, token).catch(() => undefined))?.granted === true) {
      // It counts from when it is open, which is a moment after it was granted.
      await peer.settled(`${name}\0${granted}`)
      granted += 1
    }
    expect(await peer.untilClosed()).toEqual({ code: 4413, reason: 'too_large' })
    expect(granted).toBe(10)
  })

  test('that guess tokens are ended, and the address has to wait', async () => {
    const server = await start({ addressRequestsPerSecond: 1, addressRequestsBurst: 50 }, standstill())
    const peer = await raw(server)
    const reasons: string[] = []
    while (peer.closed === undefined) {
      const answered = await peer
        .open(accountDocument(alice), `parley_${reasons.length}`)
        .catch(() => undefined)
      if (answered === undefined) break
      reasons.push(answered.reason)
    }
    expect(reasons.filter((reason) => reason === 'unauthenticated')).toHaveLength(5)
    expect(await peer.untilClosed()).toEqual({ code: 4429, reason: 'rate_limited' })
  })

  test('whose frames come too fast are read slowly, and lose nothing', async () => {
    const server = await start({ framesPerSecond: 100, framesBurst: 20 })
    const peer = await raw(server)
    const name = accountDocument(alice)
    await peer.open(name, await tokenOf(server, alice))
    const from = Date.now()
    for (let n = 0; n < 99; n += 1) peer.send(syncStep1Frame(name, new Uint8Array([0])))
    const answers = (): number => peer.answers.filter(({ type }) => type === 'sync').length
    // Each is answered twice: with what it lacks and with what the server lacks.
    for (let seen = 0; answers() < 198; seen = peer.answers.length) await peer.next('sync', () => true, seen)
    expect(Date.now() - from).toBeGreaterThanOrEqual(790)
    expect(peer.closed).toBeUndefined()
  })
})

describe('[S5] a flood of typing', () => {
  test('reaches the others at its pace, and at last as it is', async () => {
    const server = await start({ presencePerSecond: 20, presenceBurst: 5 })
    await found(server)
    const name = conversationDocument(group)
    const watcher = await raw(server)
    await watcher.open(name, await tokenOf(server, bob))
    const flood = await raw(server)
    await flood.open(name, await tokenOf(server, alice))
    const from = performance.now()
    for (let clock = 1; clock <= 400; clock += 1) {
      const state = { typing: clock < 400, active: clock % 2 === 0 }
      flood.send(awarenessFrame(name, awarenessUpdate([{ client: 7, clock, state }])))
    }
    const isLast = (states: ReadonlyMap<number, unknown>): boolean =>
      (states.get(7) as PresenceSeen | undefined)?.typing === false
    await watcher.next('awareness', ({ states }) => isLast(states))
    const seconds = (performance.now() - from) / 1000
    const heard = watcher.answers.filter(({ type }) => type === 'awareness').length
    expect(heard).toBeLessThanOrEqual(5 + 20 * seconds + 1)
    expect(flood.closed).toBeUndefined()
  })

  test('under ever new ids is no more, and leaves one sign', async () => {
    const server = await start({ presencePerSecond: 20, presenceBurst: 5 })
    await found(server)
    const name = conversationDocument(group)
    const watcher = await raw(server)
    await watcher.open(name, await tokenOf(server, bob))
    const flood = await raw(server)
    await flood.open(name, await tokenOf(server, alice))
    const from = performance.now()
    for (let client = 1; client <= 400; client += 1)
      flood.send(awarenessFrame(name, awarenessUpdate([{ client, clock: 1, state: { typing: true } }])))
    await watcher.next('awareness', ({ states }) => states.has(400))
    const seconds = (performance.now() - from) / 1000
    const heard = watcher.answers.filter(({ type }) => type === 'awareness')
    // A new id is two signs: the old one goes.
    expect(heard.length).toBeLessThanOrEqual(2 * (5 + 20 * seconds + 1))
    const shown = new Map<number, unknown>()
    for (const answer of heard)
      if (answer.type === 'awareness') for (const each of answer.states) shown.set(...each)
    expect([...shown].filter(([, state]) => state !== null).map(([client]) => client)).toEqual([400])
  })
})
