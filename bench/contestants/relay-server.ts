import { createServer } from 'node:http'
import { Hocuspocus } from '@hocuspocus/server'
import crossws from 'crossws/adapters/node'

/**
 * The relay: a plain Hocuspocus, on crossws as its own `Server` class is. Clients push messages into an array
 * of the conversation's document; it checks nothing, orders nothing, stores nothing.
 */
const hocuspocus = new Hocuspocus({ quiet: true })
const connections = new WeakMap<object, ReturnType<typeof hocuspocus.handleConnection>>()

const sockets = crossws({
  hooks: {
    open: (peer) => {
      const { websocket } = peer
      connections.set(peer, hocuspocus.handleConnection(websocket as WebSocket, peer.request))
    },
    message: (peer, message) => connections.get(peer)?.handleMessage(message.uint8Array()),
    close: (peer, { code = 1005, reason = '' }) => connections.get(peer)?.handleClose({ code, reason }),
  },
})

const server = createServer((_request, response) => response.end('relay'))
server.on('upgrade', (request, socket, head) => void sockets.handleUpgrade(request, socket, head))
server.listen(Number(process.env['PORT']), '127.0.0.1')
process.on('SIGTERM', () => process.exit())
