import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { type Random, random } from './random.ts'

/** What lies between one device and the server: a network that can be cut, held up and torn in the middle of a frame. */
export interface TcpProxy {
  readonly port: number
  /** Ends every connection at once and refuses new ones. */
  cut(): void
  /** Lets nothing through and ends nothing: neither side can tell it from silence. */
  freeze(): void
  /** Ends the next connections after a few more bytes (up to `maxBytes`), wherever in a frame that is. */
  tear(maxBytes?: number): void
  /** Everything takes up to so many milliseconds longer, in order. */
  delay(maxMs: number): void
  /** Back to a network that works. Frozen connections are ended: whatever was in them is lost. */
  heal(): void
  readonly state: 'open' | 'cut' | 'frozen'
  close(): Promise<void>
}

/** A network that can be cut between a server and its database; `url` is where the database is through it. */
export async function startDatabaseProxy(
  databaseUrl: string,
): Promise<{ readonly proxy: TcpProxy; readonly url: string }> {
  const url = new URL(databaseUrl)
  const folder = url.searchParams.get('host')
  const port = url.port || (url.searchParams.get('port') ?? '5432')
  const proxy = await startTcpProxy(folder === null ? Number(port) : `${folder}/.s.PGSQL.${port}`, random(1))
  url.search = ''
  url.host = `127.0.0.1:${proxy.port}`
  return { proxy, url: url.href }
}

/** `target`: a port of this machine, or the path of a Unix socket. */
export async function startTcpProxy(target: number | string, rng: Random): Promise<TcpProxy> {
  let state: TcpProxy['state'] = 'open'
  let maxDelayMs = 0
  let bytesToTear = Number.POSITIVE_INFINITY
  const sockets = new Set<Socket>()
  const endAll = (): void => {
    for (const socket of sockets) socket.destroy()
  }

  const server = createServer((near) => {
    if (state === 'cut') {
      near.destroy()
      return
    }
    const far = connect(typeof target === 'number' ? { port: target, host: '127.0.0.1' } : { path: target })
    const end = (): void => {
      near.destroy()
      far.destroy()
    }
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.setNoDelay()
      // A reset is one of the things that happen; `close` follows.
      from.on('error', end)
      from.on('close', () => {
        sockets.delete(from)
        end()
      })
      const pass = inOrder((chunk: Buffer) => {
        if (state === 'frozen') return
        if (chunk.length >= bytesToTear) {
          to.write(chunk.subarray(0, bytesToTear))
          bytesToTear = Number.POSITIVE_INFINITY
          endAll()
          return
        }
        bytesToTear -= chunk.length
        to.write(chunk)
      })
      from.on('data', (chunk: Buffer) => pass(chunk, maxDelayMs === 0 ? 0 : rng.below(maxDelayMs)))
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      state = 'cut'
      endAll()
    },
    freeze() {
      state = 'frozen'
    },
    tear(maxBytes = 400) {
      bytesToTear = 1 + rng.below(maxBytes)
    },
    delay(maxMs) {
      maxDelayMs = maxMs
    },
    heal() {
      // What was frozen has lost bytes, and a stream with a hole is no stream.
      if (state === 'frozen') endAll()
      state = 'open'
      maxDelayMs = 0
      bytesToTear = Number.POSITIVE_INFINITY
    },
    get state() {
      return state
    },
    async close() {
      endAll()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Calls `pass` for each item after its delay, and never for a later one before an earlier. */
function inOrder<T>(pass: (item: T) => void): (item: T, delayMs: number) => void {
  const waiting: { item: T; at: number }[] = []
  const run = (): void => {
    for (let head = waiting[0]; head !== undefined; head = waiting[0]) {
      const left = head.at - performance.now()
      if (left > 0) {
        setTimeout(run, left)
        return
      }
      waiting.shift()
      pass(head.item)
    }
  }
  return (item, delayMs) => {
    if (waiting.length === 0 && delayMs === 0) {
      pass(item)
      return
    }
    waiting.push({ item, at: performance.now() + delayMs })
    if (waiting.length === 1) setTimeout(run, delayMs)
  }
}
