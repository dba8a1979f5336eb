import {
  type Account,
  type Client,
  type DeviceStorage,
  type Fetch,
  memoryStorage,
  type Network,
  type Observable,
  openClient,
  type SearchHost,
} from '@parley/client'
import { systemClock, systemFetch } from '@parley/client/system'

/** A device's network, which the test switches off and on. */
export interface TestNetwork extends Network {
  set(isOnline: boolean): void
}

export function testNetwork(isOnline = true): TestNetwork {
  const listeners = new Set<() => void>()
  let online = isOnline
  return {
    isOnline: () => online,
    set: (next) => {
      online = next
      for (const listener of [...listeners]) listener()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}

export interface TestDevice {
  readonly client: Client
  readonly account: Account
  readonly network: TestNetwork
  readonly storage: DeviceStorage
}

export interface DeviceOptions {
  readonly url: string
  readonly token: string
  readonly storage?: DeviceStorage
  readonly network?: TestNetwork
  /** Left out: what the device holds cannot be searched. */
  readonly search?: SearchHost
  /** Stands between the client and the network, to count what passes or to break it. */
  readonly fetch?: Fetch
}

/** A whole client of a person who has a token: real sockets, the device's data in memory. */
export async function startDevice(options: DeviceOptions): Promise<TestDevice> {
  const {
    url,
    token,
    search,
    storage = memoryStorage(),
    network = testNetwork(),
    fetch = systemFetch,
  } = options
  const client = await openClient({
    url,
    token,
    storage,
    network,
    clock: systemClock,
    WebSocket,
    ...(search && { search }),
    fetch: async (address, init) => {
      if (!network.isOnline()) throw new TypeError('no network')
      return await fetch(address, init)
    },
  })
  const session = client.session.get()
  if (session.state === 'signed-out') throw new Error('the token signs nobody in')
  return { client, account: session.account, network, storage }
}

/** Resolves with the value once it is as wanted; looks again at each change. The test's own time limit ends the wait. */
export function becomes<T>(observable: Observable<T>, isWanted: (value: T) => boolean): Promise<T> {
  return new Promise((resolve) => {
    let end: () => void = () => undefined
    const look = (): boolean => {
      const value = observable.get()
      if (!isWanted(value)) return false
      end()
      resolve(value)
      return true
    }
    if (!look()) end = observable.subscribe(look)
  })
}
