import { type Client, type ClientOptions, memoryStorage, openClient, StoreError } from '@parley/client'
import { browserConditions } from '@parley/client/conditions'
import { indexedDbStorage } from '@parley/client/indexeddb'
import { workerSearch } from '@parley/client/search'
import { browserNetwork, systemClock, systemFetch } from '@parley/client/system'
import { browserChannel, browserLocks, browserSight } from '@parley/client/tabs'
import { firstShown } from './first-shown.ts'
import { storageEstimate } from './storage.ts'
import { browserTraces } from './traces.ts'

/**
 * What the browser's disk is to this window: `none`, where it gives none, as in some private windows; `full`, `broken`
 * where there may be something on it. But for `kept` everything ends with the window, and the person is told (C6).
 */
export type Disk = 'kept' | 'none' | 'full' | 'broken'

export interface Opened {
  readonly client: Client
  readonly disk: Disk
}

/**
 * Opens the client on what the browser keeps; where it keeps nothing, on memory, so that it works all the same.
 * Waits for as long as a window with an older version of the app holds the data. Rejects with a `StoreError`
 * (`outdated`) where a newer version has been here: what is written now must go there.
 */
export async function openKept(onBlocked: (isBlocked: boolean) => void): Promise<Opened> {
  const [channel, sight] = [browserChannel(), browserSight()]
  const open = (
    kept: Pick<ClientOptions, 'storage' | 'search' | 'locks' | 'traces' | 'estimate' | 'firstShown'>,
  ): Promise<Client> =>
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
    const storage = await indexedDbStorage(undefined, onBlocked)
    const search = workerSearch({ clock: systemClock, start: startSearch })
    return {
      client: await open({
        storage,
        search,
        traces: browserTraces,
        estimate: storageEstimate,
        firstShown,
        ...(locks === undefined ? {} : { locks }),
      }),
      disk: 'kept',
    }
  } catch (error) {
    const disk = diskAfter(error)
    // Tabs without a disk share nothing that one of them could lead.
    return { client: await open({ storage: memoryStorage() }), disk }
  }
}

/** What browsers say where there is no storage to be had, whatever is on the disk. */
const FORBIDDEN = ['SecurityError', 'InvalidStateError', 'NotSupportedError']

function diskAfter(error: unknown): Disk {
  if (!(error instanceof StoreError)) return 'broken'
  if (error.fault === 'outdated') throw error
  if (error.fault === 'quota') return 'full'
  // No exception of the database: there is none in this browser.
  const isThere = error.cause instanceof DOMException && !FORBIDDEN.includes(error.cause.name)
  return isThere ? 'broken' : 'none'
}

const startSearch = (): Worker =>
  new Worker(new URL('../search-worker.ts', import.meta.url), { type: 'module', name: 'search' })
