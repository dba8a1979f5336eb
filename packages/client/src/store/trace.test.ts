import { type CommandId, type EventId, newId, type UserId } from '@parley/protocol'
import { expect, test } from 'vitest'
import { openAccountDocument } from '../own/account-document.ts'
import { memoryStore } from './memory-store.ts'
import { openMishaps } from './mishaps.ts'
import { openOutbox } from '../outbox/outbox.ts'
import type { Traces } from '../ports.ts'
import { watchSaving } from './saving.ts'
import { type Store, StoreError } from './store.ts'
import { testClock } from '../testing/clock.ts'
import { ana, conversation } from '../testing/logs.ts'
import { keepTrace } from './trace.ts'

function memoryTraces(): Traces & { readonly left: Map<UserId, unknown> } {
  const left = new Map<UserId, unknown>()
  return {
    left,
    read: (user) => left.get(user),
    write: (user, trace) => void (trace === undefined ? left.delete(user) : left.set(user, trace)),
  }
}

async function open(store: Store, traces: Traces) {
  const clock = testClock()
  const saving = watchSaving(clock)
  const own = await openAccountDocument(store, saving, clock)
  const outbox = openOutbox(own, clock, () => false)
  const mishaps = await openMishaps(store, saving)
  const trace = await keepTrace({ user: ana, traces, store, saving, outbox, mishaps, clock })
  const say = (text: string) =>
    outbox.give({ id: newId<CommandId>(), type: 'message.send', createdAt: 1, conversation, text })
  return { own, outbox, mishaps, trace, say }
}

test('[C6] a store that the browser has emptied is missed, with how much had not been sent', async () => {
  const [store, traces] = [memoryStore(), memoryTraces()]
  const before = await open(store, traces)
  expect(before.mishaps.now.get()).toEqual({ aside: 0 })
  await before.say('one')
  await before.say('two')
  before.trace.close()
  await store.wipe()
  const after = await open(store, traces)
  expect(after.mishaps.now.get()).toMatchObject({ removed: { unsent: 2 } })
  const again = await open(store, traces)
  expect(again.mishaps.now.get()).toMatchObject({ removed: { unsent: 2 } })
  again.mishaps.dismiss()
  expect((await open(store, traces)).mishaps.now.get()).toEqual({ aside: 0 })
})

test('[C6] what was sent after all, by another window or the service worker, is not told as lost', async () => {
  const [store, traces] = [memoryStore(), memoryTraces()]
  const before = await open(store, traces)
  await before.say('one')
  await before.say('two')
  const [one, two] = before.outbox.commands.get()
  if (one === undefined || two === undefined) throw new Error('two commands expected')
  before.trace.close()
  await store.wipe()
  const { mishaps } = await open(store, traces)
  mishaps.said([{ id: newId<EventId>() }, { id: two.id }])
  expect(mishaps.now.get().removed).toMatchObject({ unsent: 1, ids: [one.id] })
  mishaps.said([{ id: one.id }])
  mishaps.said([{ id: one.id }])
  expect(mishaps.now.get().removed).toMatchObject({ unsent: 0, ids: [] })
})

test('a store that is only old, or new with its person, is not taken for one that was emptied', async () => {
  const traces = memoryTraces()
  const old = memoryStore()
  await old.appendAccount(new Uint8Array([0, 0]))
  expect((await open(old, traces)).mishaps.now.get()).toEqual({ aside: 0 })
  expect((await open(old, traces)).mishaps.now.get()).toEqual({ aside: 0 })
})

test('signing out leaves no trace, and so does a disk that keeps nothing', async () => {
  const [store, traces] = [memoryStore(), memoryTraces()]
  const { trace, say } = await open(store, traces)
  trace.erase()
  await say('too late')
  expect(traces.left.size).toBe(0)
  const full = { ...memoryStore(), putRecord: () => Promise.reject(new StoreError('quota', 'no room')) }
  await open(full, traces)
  expect(traces.left.size).toBe(0)
})
