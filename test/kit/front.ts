import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'

/** What stands before a server, and can answer for single files in another way. */
export interface Front {
  readonly url: string
  /** Answers `path` with what is made of the server's answer to `from`, by default of the same path. */
  answer(path: string, change: (body: string) => string, from?: string): void
  /** Ends the answer to `path` in the middle, until it is told otherwise. */
  breakOff(path: string, isBroken: boolean): void
  /** How often a path was asked for. */
  asked(path: string): number
  close(): Promise<void>
}

/** Passes everything on, sockets too, so that a browser takes it for the server. */
export async function startFront(target: string): Promise<Front> {
  const { port } = new URL(target)
  const changed = new Map<string, { readonly change: (body: string) => string; readonly from: string }>()
  const broken = new Set<string>()
  const counts = new Map<string, number>()
  const sockets = new Set<Socket>()

  const pass = async (incoming: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const path = new URL(incoming.url ?? '/', target).pathname
    counts.set(path, (counts.get(path) ?? 0) + 1)
    const change = changed.get(path)
    const headers = { ...incoming.headers }
    // What is to be changed has to be readable.
    if (change !== undefined || broken.has(path)) delete headers['accept-encoding']
    const asked = request({
      port,
      host: '127.0.0.1',
      method: incoming.method,
      path: change?.from ?? incoming.url,
      headers,
    })
    incoming.pipe(asked)
    const [given] = (await once(asked, 'response')) as [IncomingMessage]
    if (change === undefined && !broken.has(path)) {
      answer.writeHead(given.statusCode ?? 502, given.headers)
      given.pipe(answer)
      return
    }
    const whole = await text(given)
    const body = change === undefined ? whole : change.change(whole)
    const { etag: _, 'last-modified': __, ...others } = given.headers
    answer.writeHead(given.statusCode ?? 502, { ...others, 'content-length': Buffer.byteLength(body) })
    if (!broken.has(path)) answer.end(body)
    else answer.write(body.slice(0, body.length / 2), () => answer.destroy())
  }

  const server = createServer((incoming, answer) => {
    // Whoever asked has gone, or the server was killed: there is nobody to answer.
    pass(incoming, answer).catch(() => answer.destroy())
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('upgrade', (incoming, near: Socket, first) => {
    const far = connect(Number(port), '127.0.0.1')
    const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`]
    for (let at = 0; at < incoming.rawHeaders.length; at += 2)
      lines.push(`${incoming.rawHeaders[at]}: ${incoming.rawHeaders[at + 1]}`)
    far.write(`${lines.join('\r\n')}\r\n\r\n`)
    far.write(first)
    near.pipe(far)
    far.pipe(near)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: (path, change, from = path) => changed.set(path, { change, from }),
    breakOff: (path, isBroken) => void (isBroken ? broken.add(path) : broken.delete(path)),
    asked: (path) => counts.get(path) ?? 0,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
