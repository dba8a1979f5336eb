import { type Client, type ClientOptions, memoryStorage, openClient } from '@parley/client'
import { browserConditions } from '@parley/client/conditions'
import { indexedDbStorage } from '@parley/client/indexeddb'
import { workerSearch } from '@parley/client/search'
import { browserNetwork, systemClock, systemFetch } from '@parley/client/system'
import { browserChannel, browserLocks, browserSight } from '@parley/client/tabs'

export interface Opened {
  readonly client: Client
  /** False where the browser keeps nothing at all: then everything ends with the window, and the person is told (C6). */
  readonly isKept: boolean
}

/** Opens the client on what the browser keeps; where it keeps nothing, on memory, so that it works all the same. */
export async function openKept(): Promise<Opened> {
  const [channel, sight] = [browserChannel(), browserSight()]
  const open = (kept: Pick<ClientOptions, 'storage' | 'search' | 'locks'>): Promise<Client> =>
    openClient({
      // The server is where the page came from.
      url: location.origin,
      clock: systemClock,
      fetch: systemFetch,
      network: browserNetwork,
      conditions: browserConditions(),
      sight,
      WebSocket,
      ...(channel === undefined ? {} : { channel }),
      ...kept,
    })
  try {
    const locks = browserLocks()
    const storage = await indexedDbStorage()
    const search = workerSearch({ clock: systemClock, start: startSearch })
    return {
      client: await open({ storage, search, ...(locks === undefined ? {} : { locks }) }),
      isKept: true,
    }
  } catch {
    // Tabs without a disk share nothing that one of them could lead.
    return { client: await open({ storage: memoryStorage() }), isKept: false }
  }
}

const startSearch = (): Worker =>
  new Worker(new URL('../search-worker.ts', import.meta.url), { type: 'module', name: 'search' })
