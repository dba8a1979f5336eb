import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { FrameSocket } from './frame-socket.ts'

/** Around every place where a frame's length changes its form, and far beyond one read of the socket. */
const LENGTHS = [0, 1, 125, 126, 127, 65_535, 65_536, 3_000_000, 2]

test('frames of every length come back from a real server as they were sent, in order', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  server.on('connection', (socket) => {
    socket.ping()
    socket.on('message', (data) => socket.send(data))
  })
  const received: Buffer[] = []
  const all = Promise.withResolvers<void>()
  const socket = new FrameSocket(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`), {
    onFrame: (bytes) => {
      received.push(Buffer.from(bytes))
      if (received.length === LENGTHS.length) all.resolve()
    },
    onClose: (reason) => all.reject(new Error(reason)),
  })
  await socket.opened()
  const sent = LENGTHS.map((length, index) => Buffer.alloc(length, index + 1))
  for (const payload of sent) socket.send(payload)
  await all.promise
  expect(received.map((payload, index) => payload.equals(sent[index] ?? Buffer.of(255)))).toEqual(
    LENGTHS.map(() => true),
  )
  socket.close()
  server.close()
})

test('a server that does not upgrade is an error, not a wait', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', verifyClient: () => false })
  await once(server, 'listening')
  const socket = new FrameSocket(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`), {
    onFrame: () => undefined,
    onClose: () => undefined,
  })
  await expect(socket.opened()).rejects.toThrow('401')
  server.close()
})
