import {
  type Account,
  type Client,
  type ClientOptions,
  type DeviceStorage,
  type Fetch,
  flushOutbox,
  memoryStorage,
  openClient,
} from '@parley/client'
import { systemClock, systemFetch } from '@parley/client/system'
import type { Millis } from '@parley/protocol'
import { type TestTab, testTabs } from '../../packages/client/src/testing/tabs.ts'
import { testNetwork, type TestNetwork } from './client.ts'
import { type Random, random } from './random.ts'

/** A tab of one browser, in this process: the client as it is, over real sockets. */
export interface OpenTab {
  readonly client: Client
  readonly account: Account
  readonly tab: TestTab
  /** Connections it has open. */
  sockets(): number
  /** Ends it in the middle of whatever it does: nothing more reaches the disk, the network or another tab. */
  crash(): void
}

export interface TestBrowser {
  readonly storage: DeviceStorage
  readonly network: TestNetwork
  open(): Promise<OpenTab>
  /** What its service worker does when it is woken. */
  flush(within: Millis): Promise<boolean>
  /** Connections of all tabs. */
  sockets(): number
  close(): void
}

interface BrowserOptions {
  readonly url: string
  readonly token: string
  /** Decides how long its disk takes. */
  readonly seed?: number
  /** Stands between its tabs and the network. */
  readonly fetch?: Fetch
}

/** A browser in which one person has a token: tabs that share a disk in memory, channels and locks. */
export function startBrowser({ url, token, seed = 1, fetch = systemFetch }: BrowserOptions): TestBrowser {
  const rng = random(seed)
  const storage = memoryStorage()
  const network = testNetwork()
  const tabOf = testTabs()
  const tabs = new Set<OpenTab>()
  const made = () => {
    const tab = tabOf()
    const sockets = new Set<WebSocket>()
    const life = { isOver: false }
    class CountedSocket extends WebSocket {
      constructor(address: string) {
        if (life.isOver) throw new Error('this tab is gone')
        super(address)
        sockets.add(this)
        this.addEventListener('close', () => sockets.delete(this))
      }
    }
    const options: ClientOptions = {
      url,
      token,
      network,
      clock: systemClock,
      WebSocket: CountedSocket,
      storage: mortal(storage, life, rng.fork()),
      channel: tab.channel,
      locks: tab.locks,
      sight: tab.sight,
      fetch: async (address, init) => {
        if (life.isOver || !network.isOnline()) throw new TypeError('no network')
        return await fetch(address, init)
      },
    }
    return { tab, life, sockets, options }
  }
  return {
    storage,
    network,
    open: async () => {
      const { tab, life, sockets, options } = made()
      const client = await openClient(options)
      const session = client.session.get()
      if (session.state === 'signed-out') throw new Error('the token signs nobody in')
      const opened: OpenTab = {
        client,
        account: session.account,
        tab,
        sockets: () => sockets.size,
        crash: () => {
          life.isOver = true
          tab.crash()
          for (const socket of sockets) socket.close()
          client.close()
          tabs.delete(opened)
        },
      }
      tabs.add(opened)
      return opened
    },
    flush: (within) => {
      const { tab, options } = made()
      tab.sight.set('hidden')
      return flushOutbox(options, within)
    },
    sockets: () => [...tabs].reduce((sum, each) => sum + each.sockets(), 0),
    close: () => {
      for (const { client } of tabs) client.close()
    },
  }
}

/** A disk that takes its time, does one thing after the other, and takes nothing more from a tab that is gone. */
function mortal(disk: DeviceStorage, life: { readonly isOver: boolean }, rng: Random): DeviceStorage {
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = (work: () => unknown): Promise<unknown> => {
    const mine = last.then(async () => {
      await new Promise((resolve) => setTimeout(resolve, rng.below(4)))
      return await (life.isOver ? new Promise(() => undefined) : work())
    })
    last = mine.catch(() => undefined)
    return mine
  }
  const guard = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (object, key) => {
        const member: unknown = Reflect.get(object, key)
        if (typeof member !== 'function' || key === 'close') return member
        return (...args: unknown[]): unknown => inTurn(() => member.apply(object, args) as unknown)
      },
    })
  return guard<DeviceStorage>({
    ...disk,
    open: async (user, onFault) => guard(await disk.open(user, onFault)),
  })
}
