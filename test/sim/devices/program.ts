import { parentPort } from 'node:worker_threads'
import { skewClock } from './skewed-date.ts'
import { type Client, type DeviceStorage, memoryStorage, openClient } from '@parley/client'
import { systemClock, systemFetch } from '@parley/client/system'
import type { CommandId } from '@parley/protocol'
import type { Calls, GivenThere, Opening } from './act.ts'
import { deviceNetwork } from './network.ts'
import { type Person, perform } from './perform.ts'
import { watch, type Watch } from './watch.ts'

const YEAR = 365.25 * 24 * 60 * 60 * 1000

/** A device in a thread of its own, so that it has a clock of its own: the client as it is, on a disk in memory. */
interface Running {
  readonly opening: Opening
  readonly storage: DeviceStorage
  readonly network: ReturnType<typeof deviceNetwork>
  readonly given: CommandId[]
  readonly reached: Map<string, number>
  readonly violations: string[]
  client: Client
  watch: Watch
}
let running: Running | undefined

function device(): Running {
  if (running === undefined) throw new Error('no device is open in this thread')
  return running
}

async function start(
  each: Pick<Running, 'opening' | 'storage' | 'network' | 'reached' | 'violations'>,
): Promise<Pick<Running, 'client' | 'watch'>> {
  const { url, token } = each.opening
  const client = await openClient({
    url,
    token,
    storage: each.storage,
    network: each.network,
    clock: systemClock,
    WebSocket: each.network.WebSocket,
    fetch: async (address, init) => {
      each.network.check()
      return await systemFetch(address, init)
    },
  })
  const session = client.session.get()
  if (session.state === 'signed-out') throw new Error('the token signs nobody in')
  return { client, watch: watch(session.account, each.reached, each.violations) }
}

const calls: Calls = {
  open: async (opening) => {
    skewClock(opening.years * YEAR)
    const each = {
      opening,
      storage: memoryStorage(),
      network: deviceNetwork(),
      given: [],
      reached: new Map<string, number>(),
      violations: [],
    }
    running = { ...each, ...(await start(each)) }
  },
  act: async (what) => {
    const each = device()
    const { me, others } = each.opening
    const { account } = each.watch
    if (what.act === 'network') each.network.set(what.isOnline)
    else if (what.act === 'cut') each.network.cut()
    else if (what.act === 'clock') skewClock(what.years * YEAR)
    else if (what.act === 'pause') await new Promise((resolve) => setTimeout(resolve, what.millis))
    else if (what.act === 'restart') {
      each.watch.end()
      each.client.close()
      Object.assign(each, await start(each))
    } else {
      const person: Person = { account, me, others, name: what.name, messages: each.watch.messages }
      const given: readonly GivenThere[] = await perform(person, what)
      each.given.push(...given.map(({ id }) => id))
      return given
    }
    return []
  },
  look: () => {
    const each = device()
    return each.watch.look(each.given)
  },
  close: async () => {
    const each = device()
    each.watch.end()
    each.client.close()
    running = undefined
    await Promise.resolve()
  },
}

interface Call {
  readonly number: number
  readonly name: keyof Calls
  readonly argument: never
}

parentPort?.on('message', ({ number, name, argument }: Call) => {
  calls[name](argument).then(
    (value) => parentPort?.postMessage({ number, value }),
    (error: unknown) =>
      parentPort?.postMessage({ number, error: error instanceof Error ? error.stack : String(error) }),
  )
})
