import { ArrayPusher } from '../load/array-pusher.ts'
import { markedText } from '../load/marker.ts'
import { conversationDocument, newId } from '@parley/protocol'
import { FrameSocket } from '../load/frame-socket.ts'
import * as wire from '../load/hocuspocus-wire.ts'
import type { Group } from '../world.ts'
import { type Contestant, Server } from './contestant.ts'

const BATCH = 10_000

export async function startRelay(): Promise<Contestant> {
  const entry = new URL('./relay-server.ts', import.meta.url)
  const server = await Server.start({ entry, environment: {}, readyPath: '/' })
  const holders: FrameSocket[] = []
  return {
    dialect: 'relay',
    url: server.url,
    server,
    // It knows nobody and lets everybody in.
    settle: () => Promise.resolve(),
    fill: async (group, count) => {
      holders.push(await fill(server.url, group, count))
    },
    stop: async () => {
      for (const holder of holders) holder.close()
      await server.stop()
    },
  }
}

/** The document lives only as long as somebody is attached: the connection that filled it stays. */
async function fill(url: string, { id, members }: Group, count: number): Promise<FrameSocket> {
  const document = conversationDocument(id)
  const author = members[0]?.id ?? ''
  let applied = 0
  const done = Promise.withResolvers<void>()
  // One for our answer to its question what we have, one for each batch.
  const expected = 1 + Math.ceil(count / BATCH)
  const socket = new FrameSocket(new URL('/sync', url), {
    onFrame: (bytes) => {
      const received = wire.whatIs(bytes)
      if (received === 'step-1') socket.send(wire.step2Frame(document))
      if (received === 'applied') applied += 1
      if (applied === expected) done.resolve()
    },
    onClose: (reason) => done.reject(new Error(reason)),
  })
  await socket.opened()
  socket.send(wire.tokenFrame(document, ''))
  socket.send(wire.step1Frame(document))
  const pusher = new ArrayPusher('messages', 1)
  for (let first = 0; first < count; first += BATCH) {
    const entries = Array.from({ length: Math.min(BATCH, count - first) }, (_, index) => ({
      id: newId(),
      type: 'message',
      at: Date.now(),
      author,
      text: markedText(0, first + index, 0),
    }))
    socket.send(wire.updateFrame(document, pusher.push(entries)))
  }
  await done.promise
  const keepAlive = setInterval(() => socket.send(wire.keepAliveFrame(document)), 20_000)
  keepAlive.unref()
  return socket
}
