import { type Client, type DeviceStorage, memoryStorage, openClient } from '@parley/client'
import { indexedDbStorage } from '@parley/client/indexeddb'
import { browserChannel, browserNetwork, systemClock, systemFetch } from '@parley/client/system'

export interface Opened {
  readonly client: Client
  /** False where the browser keeps nothing at all: then everything ends with the window, and the person is told (C6). */
  readonly isKept: boolean
}

/** Opens the client on what the browser keeps; where it keeps nothing, on memory, so that it works all the same. */
export async function openKept(): Promise<Opened> {
  const channel = browserChannel()
  const open = (storage: DeviceStorage): Promise<Client> =>
    openClient({
      // The server is where the page came from.
      url: location.origin,
      clock: systemClock,
      fetch: systemFetch,
      network: browserNetwork,
      channel,
      WebSocket,
      storage,
    })
  try {
    return { client: await open(await indexedDbStorage()), isKept: true }
  } catch {
    return { client: await open(memoryStorage()), isKept: false }
  }
}
