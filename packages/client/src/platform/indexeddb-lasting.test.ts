import { expect, test } from 'vitest'
import { memoryStore } from '../store/memory-store.ts'
import { type Store, StoreError } from '../store/store.ts'
import { type ConnectionEars, lastingStore } from './indexeddb-lasting.ts'

/** A disk whose connections can be cut, and that may refuse to open. */
async function device() {
  const state = { disk: memoryStore(), isNew: true, refuses: false, opened: 0, emptied: 0 }
  const ears: ConnectionEars[] = []
  const broken = new Set<number>()
  const store = await lastingStore(
    async (heard) => {
      if (state.refuses) throw new StoreError('failed', 'the disk does not answer')
      const number = state.opened++
      ears.push(heard)
      if (state.isNew) heard.made()
      state.isNew = false
      return new Proxy(state.disk, {
        get: (disk, name: keyof Store) =>
          broken.has(number) && name !== 'close'
            ? () => Promise.reject(new StoreError('closed', 'the connection is closed'))
            : disk[name],
      })
    },
    { emptied: () => (state.emptied += 1) },
  )
  return {
    store,
    state,
    /** The browser ends the connection; it may say so or not. */
    cut: (isTold: boolean) => {
      broken.add(state.opened - 1)
      if (isTold) ears.at(-1)?.lost()
    },
    give: () => {
      broken.add(state.opened - 1)
      ears.at(-1)?.given('outdated')
    },
  }
}
const bytes = new Uint8Array([1, 2])

for (const isTold of [true, false]) {
  test(`[C6] a connection that the browser ends is opened again by what comes next, ${isTold ? 'told' : 'silently'}`, async () => {
    const { store, state, cut } = await device()
    await store.appendAccount(bytes)
    cut(isTold)
    await Promise.all([store.putRecord('name', 1), store.appendAccount(bytes)])
    expect(await store.loadAccount()).toHaveLength(2)
    expect(state).toMatchObject({ opened: 2, emptied: 0 })
  })
}

test('[C6] while the database cannot be opened again each call says so, and the one after that tries anew', async () => {
  const { store, state, cut } = await device()
  cut(true)
  state.refuses = true
  await expect(store.appendAccount(bytes)).rejects.toMatchObject({ fault: 'failed' })
  await expect(store.appendAccount(bytes)).rejects.toMatchObject({ fault: 'failed' })
  state.refuses = false
  await store.appendAccount(bytes)
  expect(await store.loadAccount()).toHaveLength(1)
})

test('[C6] a database that comes back empty is told of before anything is written into it', async () => {
  const { store, state, cut } = await device()
  cut(false)
  state.isNew = true
  state.disk = memoryStore()
  const written = store.appendAccount(bytes).then(() => state.emptied)
  expect(await written).toBe(1)
})

test('a database that was given to a newer version of the app is not taken back', async () => {
  const { store, state, give } = await device()
  give()
  await expect(store.appendAccount(bytes)).rejects.toMatchObject({ fault: 'outdated' })
  expect(state.opened).toBe(1)
})

test('a store that its owner has closed stays closed', async () => {
  const { store, state, cut } = await device()
  store.close()
  cut(true)
  await expect(store.loadAccount()).rejects.toMatchObject({ fault: 'closed' })
  expect(state.opened).toBe(1)
})
