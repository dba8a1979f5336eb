import { type Client, openClient } from '@parley/client'
import { indexedDbStorage } from '@parley/client/indexeddb'
import { browserNetwork, systemClock, systemFetch } from '@parley/client/system'
import { browserChannel, browserLocks, browserSight } from '@parley/client/tabs'

/** Where a page that drives keeps its client. */
export interface DriverPage {
  parleyDriver?: Promise<Client>
}

/** The client with all that the app gives it, in a page without the app's screens. */
async function open(): Promise<Client> {
  const [channel, locks] = [browserChannel(), browserLocks()]
  if (channel === undefined || locks === undefined)
    throw new Error('a page of the app has locks and a channel')
  return await openClient({
    url: location.origin,
    clock: systemClock,
    fetch: systemFetch,
    network: browserNetwork,
    sight: browserSight(),
    WebSocket,
    channel,
    locks,
    storage: await indexedDbStorage(),
  })
}

const page = globalThis as DriverPage
page.parleyDriver ??= open()
