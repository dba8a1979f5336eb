import { EMPTY_TIP, seal } from '@parley/protocol'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Searcher } from '../search/searcher.ts'
import type { Store } from '../store/store.ts'
import { ana, ben, conversation, logOf, otherConversation, says } from '../testing/logs.ts'
import { indexedDbStorage } from './indexeddb-storage.ts'
import { workerSearch } from './search-worker.ts'
import { systemClock } from './system.ts'

const NAME = 'parley-search-test'
const host = workerSearch({
  clock: systemClock,
  storage: NAME,
  start: () => new Worker(new URL('../testing/search-in-worker.ts', import.meta.url), { type: 'module' }),
})
const storage = await indexedDbStorage(NAME)

let store: Store
let searcher: Searcher | undefined
beforeEach(async () => {
  store = await storage.open(ana, () => undefined)
  await store.wipe()
  await host.wipe(ana)
})
afterEach(() => {
  searcher?.close()
  store.close()
})
const start = async (): Promise<Searcher> => {
  const opened = (searcher = host.open(ana, store))
  await expect.poll(() => opened.progress.get().state).toBe('ready')
  return opened
}
const found = async (searcher: Searcher, typed: string): Promise<readonly string[] | undefined> =>
  (await searcher.search({ typed, limit: 50 }))?.hits.map(({ event }) => event.text)

test('[R5] a worker finds what is on the disk, and hears of what comes and goes', async () => {
  await store.putEvents(conversation, logOf(700))
  const searcher = await start()
  expect(searcher.progress.get()).toEqual({ state: 'ready', indexed: 700, isKept: true })
  expect(await found(searcher, 'message 123')).toEqual(['message 123'])
  await store.putEvents(otherConversation, seal(EMPTY_TIP, [says(ben, 'Größe: zebra 会议')], 9000))
  searcher.written(otherConversation, [{ from: 1, to: 1 }])
  for (const typed of ['zeb', 'GROSSE', '会议'])
    await expect.poll(() => found(searcher, typed)).toEqual(['Größe: zebra 会议'])
  await store.forgetLog(otherConversation)
  searcher.forgotten(otherConversation)
  await expect.poll(() => found(searcher, 'zeb')).toEqual([])
})

test('[R5] a worker that ends at any moment leaves an index that the next one goes on with', async () => {
  await store.putEvents(conversation, logOf(3000))
  const first = host.open(ana, store)
  await expect.poll(() => first.progress.get().indexed).toBeGreaterThan(0)
  first.close()
  const second = await start()
  expect(second.progress.get()).toEqual({ state: 'ready', indexed: 3000, isKept: true })
  const again = await second.search({ typed: 'message 1', limit: 3000 })
  const seqs = (again?.hits ?? []).map(({ event }) => event.seq)
  expect(new Set(seqs).size).toBe(seqs.length)
  expect(await found(second, '"message 2999"')).toEqual(['message 2999'])
  expect(await found(second, '"message 2"')).toEqual(['message 2'])
})

/** Overwrites the database's file where its content begins, as a disk that fails. */
async function damage(): Promise<void> {
  const root = await navigator.storage.getDirectory()
  const folder = await root.getDirectoryHandle(`.search-${ana}`)
  for await (const files of folder.values()) {
    if (!(files instanceof FileSystemDirectoryHandle)) continue
    for await (const file of files.values()) {
      if (!(file instanceof FileSystemFileHandle) || (await file.getFile()).size < 10_000) continue
      const writable = await file.createWritable({ keepExistingData: true })
      await writable.write({ type: 'write', position: 4096, data: new Uint8Array(4096).fill(7) })
      await writable.close()
    }
  }
}

test('an index that is damaged is dropped and made anew with the next start', async () => {
  await store.putEvents(conversation, logOf(300))
  const first = await start()
  first.close()
  // The worker lets go of the file a moment after it has ended.
  await vi.waitFor(damage, { timeout: 30_000 })
  const second = await start()
  expect(second.progress.get()).toEqual({ state: 'ready', indexed: 300, isKept: true })
  expect(await found(second, 'message 123')).toEqual(['message 123'])
})

test('whoever waits for an answer when the worker ends has one', async () => {
  await store.putEvents(conversation, logOf(3))
  const searcher = await start()
  const asked = found(searcher, 'message')
  searcher.close()
  expect(await asked).toBeUndefined()
  expect(await found(searcher, 'message')).toBeUndefined()
})

test('what was wiped is gone from the disk, and each person has an index of their own', async () => {
  await store.putEvents(conversation, logOf(3))
  const folders = async (): Promise<readonly string[]> => {
    const names: string[] = []
    for await (const [name] of await navigator.storage.getDirectory()) names.push(name)
    return names.filter((name) => name.includes(ana))
  }
  const hers = await start()
  expect(await folders()).toHaveLength(1)
  const his = host.open(ben, store)
  await expect.poll(() => his.progress.get().state).toBe('ready')
  expect(await found(his, 'message')).toEqual([])
  his.close()
  hers.close()
  await host.wipe(ana)
  expect(await folders()).toEqual([])
})
