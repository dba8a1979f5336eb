import {
  accountDocument,
  accountRoots,
  type Command,
  type ConversationId,
  draftReplyKey,
  newId,
  type UserId,
} from '@parley/protocol'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { useDatabase } from '../../../../test/kit/database.ts'
import { afterLoads, beginAnew, isLeft, storedAccount } from '../../../../test/kit/generations.ts'
import { addPeople, createGroup, say } from '../../../../test/kit/people.ts'
import {
  connectDevice,
  type Device,
  startSyncServer,
  type SyncServer,
} from '../../../../test/kit/sync-server.ts'
import { eventsAfter } from '../queries/events.ts'

const db = useDatabase()
const devices = new Set<Device>()
let server: SyncServer
let ana: UserId
let ben: UserId
let group: ConversationId

beforeAll(async () => {
  server = await startSyncServer(db)
})
beforeEach(async () => {
  ;[ana, ben] = (await addPeople(db.pool, 2)) as [UserId, UserId]
  group = newId<ConversationId>()
  await server.core.handler.handle(ana, [createGroup(group, [ben])])
})
afterEach(() => {
  for (const device of devices) device.close()
  devices.clear()
})
afterAll(() => server.close())

/** A program with the stock provider, on a disk of its own. */
async function program(disk: Map<string, Y.Doc> = new Map()) {
  const { token } = await server.auth.tokens.create(ana, 'test')
  const device = connectDevice(server.url, ana, token, disk)
  devices.add(device)
  const account = device.account()
  await account.until(() => account.provider.isSynced)
  const roots = accountRoots(account.doc)
  return {
    device,
    account,
    roots,
    disk,
    give: (...commands: Command[]) => device.intend(...commands),
    isTaken: () => account.until(() => roots.outbox.length === 0),
    /** The server has all that the program has. */
    isHanded: () => account.until(() => account.provider.unsyncedChanges === 0),
    leave: () => {
      devices.delete(device)
      device.close()
    },
  }
}
type Program = Awaited<ReturnType<typeof program>>

const stored = () => storedAccount(db.pool, ana)

/** All have left, and what was open is stored. */
async function allLeave(...programs: readonly Program[]) {
  for (const each of programs) each.leave()
  await isLeft(db.pool, ana)
}

/** So many page loads that the document is begun anew. */
const bloat = async () =>
  await beginAnew(server.url, db.pool, ana, (await server.auth.tokens.create(ana, 'test')).token)

const said = async () =>
  (await eventsAfter(db.kysely, group, 0, 1_000)).flatMap((event) =>
    event.type === 'message' ? [event.text] : event.type === 'meta' ? [`= ${event.title ?? ''}`] : [],
  )
const rename = (title: string): Command => ({
  id: newId(),
  createdAt: 1,
  type: 'conversation.update',
  conversation: group,
  title,
})

describe('an account document that has come to hold much beside its content', () => {
  test('is begun anew when it is next opened, with all its content and nothing else', async () => {
    const one = await program()
    const refused = say(newId<ConversationId>(), 'into nowhere')
    one.give(refused)
    await one.account.until(() => one.roots.rejections.has(refused.id))
    one.roots.drafts.set(group, 'half a thought')
    one.roots.drafts.set(newId(), '')
    one.roots.reads.set(group, 2)
    one.roots.prefs.set('theme', 'dark')
    one.roots.prefs.set('motto', '')
    one.roots.prefs.set(draftReplyKey(group), '')
    const nested = new Y.Map<unknown>()
    nested.set('deep', [1, 2])
    one.roots.prefs.set('nested', nested)
    await one.isHanded()
    await allLeave(one)
    await bloat()
    expect((await stored()).bytes).toBeLessThan(1_500)
    const { roots, account } = await program()
    expect([...roots.rejections.keys()]).toEqual([refused.id])
    expect(roots.drafts.toJSON()).toEqual({ [group]: 'half a thought' })
    expect(roots.prefs.toJSON()).toEqual({ theme: 'dark', motto: '', nested: { deep: [1, 2] }, loads: 499 })
    // Read positions are where positions are kept.
    expect(roots.reads.toJSON()).toEqual({})
    expect(await server.core.positions.of(group)).toMatchObject({ [ana]: 2 })
    expect(account.doc.store.clients.size).toBeLessThanOrEqual(2)
  })

  test('[C4] keeps what waits, in its order', async () => {
    const doc = new Y.Doc()
    const given = ['one', 'two', 'three'].map((text) => say(group, text))
    accountRoots(doc).outbox.push(given)
    await db.pool.query(`INSERT INTO documents (name, state, updated_at) VALUES ($1, $2, 1)`, [
      accountDocument(ana),
      Y.encodeStateAsUpdate(afterLoads(doc)),
    ])
    const one = await program()
    await one.isTaken()
    expect((await stored()).generations).toBe(1)
    expect(await said()).toEqual(['= Crew', 'one', 'two', 'three'])
  })

  test('goes with its owner', async () => {
    await bloat()
    await db.pool.query('DELETE FROM documents WHERE name = $1', [accountDocument(ana)])
    expect(await stored()).toEqual({ bytes: 0, generations: 0 })
  })
})

describe('a program that goes on with its replica of old', () => {
  test('[C1] [C2] has what it wrote meanwhile said, once and in order, and nothing of old done again', async () => {
    const old = await program()
    // Known to the program as waiting, taken after it was last here.
    const elsewhere = await program()
    await allLeave(old, elsewhere)
    const offline = [...old.disk.values()][0] as Y.Doc
    const first = rename('by then')
    accountRoots(offline).outbox.push([say(group, 'before'), first])
    const second = await program(new Map([[accountDocument(ana), cloneOf(offline)]]))
    await second.isTaken()
    await allLeave(second)
    await bloat()
    // The replica still has both as waiting; meanwhile the title was changed again.
    const other = await program()
    other.give(rename('since then'))
    await other.isTaken()
    await allLeave(other)
    accountRoots(offline).outbox.push([say(group, 'after'), say(group, 'and after')])
    const back = await program(new Map([[accountDocument(ana), offline]]))
    await back.isTaken()
    expect(await said()).toEqual(['= Crew', 'before', '= by then', '= since then', 'after', 'and after'])
    expect(back.roots.rejections.size).toBe(0)
    // The document is bloated again, and is begun anew again.
    await allLeave(back)
    await bloat()
    back.roots.outbox.push([say(group, 'last')])
    const again = await program(new Map([[accountDocument(ana), back.account.doc]]))
    await again.isTaken()
    expect((await said()).slice(4)).toEqual(['after', 'and after', 'last'])
  })

  test('[C3] what was refused or taken back since it was here is not decided again', async () => {
    const stranger = newId<ConversationId>()
    const refused = say(stranger, 'too early')
    const old = new Y.Doc()
    accountRoots(old).outbox.push([refused])
    const one = await program(new Map([[accountDocument(ana), cloneOf(old)]]))
    await one.account.until(() => one.roots.rejections.has(refused.id))
    one.roots.rejections.delete(refused.id)
    await one.isHanded()
    await allLeave(one)
    await bloat()
    // By now it would be allowed.
    await server.core.handler.handle(ana, [createGroup(stranger, [])])
    const back = await program(new Map([[accountDocument(ana), old]]))
    await back.isTaken()
    const texts = await eventsAfter(db.kysely, stranger, 0, 10)
    expect(texts.filter(({ type }) => type === 'message')).toEqual([])
    expect(back.roots.rejections.size).toBe(0)
  })

  test('does not bring back drafts and preferences of old, nor override those of today', async () => {
    const disk = new Map<string, Y.Doc>()
    const one = await program(disk)
    const [cleared, kept] = [newId<ConversationId>(), newId<ConversationId>()]
    one.roots.drafts.set(cleared, 'sent long ago')
    one.roots.drafts.set(kept, 'of old')
    one.roots.prefs.set('theme', 'dark')
    await one.isHanded()
    const old = cloneOf(one.account.doc)
    one.roots.drafts.delete(cleared)
    one.roots.drafts.delete(kept)
    await one.isHanded()
    await allLeave(one)
    await bloat()
    // Whoever has the higher id wins over the other: both ways are tried.
    for (let round = 0; round < 4; round += 1) {
      const today = await program()
      today.roots.drafts.set(kept, `of today ${round}`)
      today.roots.prefs.set('theme', `light ${round}`)
      await today.isHanded()
      const back = await program(new Map([[accountDocument(ana), cloneOf(old)]]))
      await back.isHanded()
      const isRight = ({ roots }: Program) =>
        JSON.stringify(roots.drafts.toJSON()) === JSON.stringify({ [kept]: `of today ${round}` }) &&
        roots.prefs.get('theme') === `light ${round}`
      for (const each of [today, back]) await each.account.until(() => isRight(each))
      await allLeave(today, back)
      await bloat()
    }
  })
})

test('a device is told of its replica of old what had been seen of it, and of no other', async () => {
  const one = await program()
  one.roots.prefs.set('x', 1)
  await one.isHanded()
  const old = cloneOf(one.account.doc)
  const known = [...Y.decodeStateVector(Y.encodeStateVector(old))]
  await allLeave(one)
  await bloat()
  accountRoots(old).prefs.set('y', 2)
  const back = await program(new Map([[accountDocument(ana), old]]))
  const told = back.account.stateless.filter(({ type }) => type === 'renewed')
  expect(told).toHaveLength(1)
  expect(told[0]?.['seen']).toEqual(known)
  // Ahead of the document, and of all that greets.
  expect(back.account.stateless[0]?.type).toBe('renewed')
  const fresh = await program()
  expect(fresh.account.stateless.filter(({ type }) => type === 'renewed')).toEqual([])
})

function cloneOf(doc: Y.Doc): Y.Doc {
  const clone = new Y.Doc()
  Y.applyUpdate(clone, Y.encodeStateAsUpdate(doc))
  return clone
}
