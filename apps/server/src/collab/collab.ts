import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { type Configuration, Hocuspocus } from '@hocuspocus/server'
import {
  accountDocument,
  type AccountMessage,
  conversationDocument,
  type Limits,
  type Millis,
  parseDocumentName,
  type UserId,
} from '@parley/protocol'
import { WebSocketServer } from 'ws'
import type { Auth } from '../auth/auth.ts'
import type { Revocation } from '../auth/identity.ts'
import type { CommandHandler } from '../commands/outcome.ts'
import type { Database } from '../db/database.ts'
import type { Appender } from '../log/appender.ts'
import type { Bus } from '../log/bus.ts'
import type { Logger } from '../logger.ts'
import { eventsAfter } from '../queries/events.ts'
import type { Positions } from '../reading/positions.ts'
import { AccountDocuments } from './account-documents.ts'
import { authenticate } from './authenticate.ts'
import { stampAwareness } from './awareness.ts'
import { ConversationDocuments } from './conversation-documents.ts'
import { FrameWriter } from './frame.ts'
import { greet } from './greet.ts'
import { Notices } from './notices.ts'
import { type Context, Peer } from './peer.ts'
import { createReveal } from './reveal.ts'
import { covers, Revoked } from './revoked.ts'
import { admit, refuseUpgrade } from './upgrade.ts'

const HEARTBEAT_MS = 20_000
/** The time within which a socket must have opened its first document. */
const FIRST_DOCUMENT_MS = 60_000
const CLOSE_MS = 2_000
/** How long documents may take to be saved at the end; those that could not be are said. */
const UNLOAD_MS = 5_000

export interface CollabOptions {
  readonly db: Database
  readonly appender: Appender
  readonly bus: Bus
  readonly handler: CommandHandler
  readonly positions: Positions
  readonly auth: Pick<Auth, 'authenticate' | 'onRevoked'>
  readonly limits: Limits
  readonly now: () => Millis
  readonly logger: Logger
  /** The origin that browsers see, where it is not the one of the request (behind a proxy). */
  readonly publicUrl?: string | undefined
}

export interface Collab {
  /** Takes over an HTTP upgrade to `/sync`. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>
  /** Tells a person's devices that are connected to this node. */
  tell(user: UserId, message: AccountMessage): void
  /** Tells a person's devices that a list of theirs has changed. */
  changed(user: UserId, what: 'friends' | 'conversations' | 'profile'): void
  /** Finishes what has been accepted, saves documents and asks clients to connect elsewhere [N4]. */
  close(): Promise<void>
}

/** Everything behind `/sync`: Yjs documents over Hocuspocus, with the log as the only writer of conversations. */
export function createCollab(options: CollabOptions): Collab {
  const { db, appender, bus, handler, positions, auth, limits, now, logger } = options
  const peers = new Set<Peer>()
  const revoked = new Revoked()
  const frames = new FrameWriter()
  let isClosing = false
  let whenUnloaded = (): void => undefined

  const conversations = new ConversationDocuments({
    pool: db.pool,
    eventsAfter: (conversation, after, limit) => eventsAfter(db.kysely, conversation, after, limit),
    logger,
  })
  const accounts = new AccountDocuments({
    pool: db.pool,
    handler,
    positions,
    logger,
    maxBytes: limits.accountBytes,
    onSaved: (name) => {
      const doc = hocuspocus.documents.get(name)
      if (doc !== undefined) void hocuspocus.unloadDocument(doc)
    },
  })
  const notices = new Notices({
    pool: db.pool,
    positions,
    limits,
    now,
    logger,
    accountOf: (user) => hocuspocus.documents.get(accountDocument(user)),
    conversationOf: (conversation) => hocuspocus.documents.get(conversationDocument(conversation)),
  })

  const hocuspocus = new Hocuspocus<Context>({
    ...WITHOUT_IDLE_HOOKS,
    quiet: true,
    timeout: FIRST_DOCUMENT_MS,
    // Each committed batch is one update already, and the peers gather frames themselves: waiting a turn
    // of the event loop more would only delay.
    flushDelay: false,

    onAuthenticate: (payload) =>
      authenticate(
        { appender, revoked, authenticate: (credentials) => auth.authenticate(credentials) },
        payload,
      ),

    async onLoadDocument({ documentName, document }) {
      const name = parseDocumentName(documentName)
      if (name?.kind === 'account') await accounts.load(name.user, document)
      else if (name?.kind === 'conversation') await conversations.load(name.conversation, document)
    },

    async connected({ connection, context, documentName }) {
      const name = parseDocumentName(documentName)
      const user = context.peer.identity?.user.id
      if (name !== undefined && user !== undefined)
        await greet({ appender, notices, logger }, connection, user, name)
    },

    async onDisconnect({ documentName, context }) {
      const name = parseDocumentName(documentName)
      const user = context.peer.identity?.user.id
      if (name?.kind === 'account' && user !== undefined) await notices.left(user)
    },

    async beforeSync({ documentName, payload }) {
      const name = parseDocumentName(documentName)
      if (name?.kind === 'account' && !accounts.hasRoomFor(name.user, payload.length)) {
        throw Object.assign(new Error('the account document is full'), { code: 4413, reason: 'too_large' })
      }
    },

    async beforeHandleAwareness(payload) {
      stampAwareness(payload)
    },

    // Not by an error: Hocuspocus 4.7 does not await this hook, and a rejection would end the process.
    async onStateless({ connection }) {
      connection.close({ code: 4400, reason: 'invalid' })
    },

    async afterUnloadDocument() {
      whenUnloaded()
    },

    async beforeUnloadDocument({ documentName }) {
      const name = parseDocumentName(documentName)
      if (name?.kind === 'conversation') await conversations.beforeUnload(name.conversation)
      else if (name?.kind === 'account') {
        // Refusing to unload is what keeps an unsaved account alive until the database answers [N5].
        await accounts.beforeUnload(name.user).catch(() => {
          throw new Error('')
        })
      }
    },
  })

  function endRevoked(revocation: Revocation): void {
    revoked.note(revocation)
    for (const peer of peers) if (covers(revocation, peer.identity)) peer.end('unauthenticated')
  }

  const unsubscribe = [
    bus.subscribe(
      createReveal({
        conversations,
        notices,
        documentOf: (conversation) => hocuspocus.documents.get(conversationDocument(conversation)),
      }),
    ),
    auth.onRevoked(endRevoked),
    positions.onMoved((moved) => notices.readMoved(moved)),
  ]
  const heartbeat = setInterval(() => {
    for (const peer of peers) peer.beat()
    revoked.forgetOld(HEARTBEAT_MS)
  }, HEARTBEAT_MS)
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.frameBytes,
    perMessageDeflate: false,
  })

  return {
    async handleUpgrade(request, socket, head) {
      const admission = await admit({ auth, revoked, logger, publicUrl: options.publicUrl }, request)
      if (isClosing) return refuseUpgrade(socket, '503 Service Unavailable')
      if ('refusal' in admission) return refuseUpgrade(socket, admission.refusal)
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        const peer = new Peer(webSocket, socket, frames, admission.identity)
        peers.add(peer)
        const connection = hocuspocus.handleConnection(peer, NO_REQUEST, { peer })
        webSocket.binaryType = 'nodebuffer'
        webSocket.on('message', (data, isBinary) => {
          if (isBinary) peer.receive(connection, data as Buffer)
          else peer.end('invalid')
        })
        webSocket.on('close', (code, reason) => {
          peers.delete(peer)
          connection.handleClose({ code, reason: reason.toString() })
        })
        // A broken frame or a reset: `close` follows and cleans up.
        webSocket.on('error', (error) => logger.debug({ err: error }, 'a socket failed'))
      })
    },

    tell: (user, message) => notices.tell(user, message),

    changed: (user, what) => notices.changed(user, what),

    async close() {
      isClosing = true
      clearInterval(heartbeat)
      // What arrives from now on is not accepted, and so not acknowledged: the devices still hold it.
      for (const peer of peers) peer.stopReceiving()
      await accounts.finish()
      await appender.close()
      for (const peer of peers) peer.close(1012, 'the server restarts')
      await closeSockets(sockets)
      await Promise.race([allUnloaded(), pause(UNLOAD_MS)])
      for (const stop of unsubscribe) stop()
      await accounts.close()
      await conversations.close()
      await notices.close()
    },
  }

  /** Resolves when every document has been saved and let go of, as happens when its last connection ends. */
  function allUnloaded(): Promise<void> {
    return new Promise((resolve) => {
      whenUnloaded = () => {
        if (hocuspocus.documents.size === 0) resolve()
      }
      whenUnloaded()
    })
  }
}

/**
 * Hocuspocus 4.7 comes with a hook that does nothing in each place, and awaits it for every message.
 * Without them a place is passed at once.
 */
const WITHOUT_IDLE_HOOKS = {
  beforeHandleMessage: undefined,
  afterHandleMessage: undefined,
  onChange: undefined,
  onAwarenessUpdate: undefined,
  beforeBroadcastStateless: undefined,
} as unknown as Partial<Configuration<Context>>

/** Gives the clients a moment to answer the close frame they were sent, then ends what is left. */
async function closeSockets(sockets: WebSocketServer): Promise<void> {
  const closed = [...sockets.clients].map((socket) => once(socket, 'close'))
  await Promise.race([Promise.all(closed), pause(CLOSE_MS)])
  for (const socket of sockets.clients) socket.terminate()
  sockets.close()
}

/**
 * Hooks look at nothing of the upgrade request: who it was is in the context. Hocuspocus 4.7 parses
 * its address three times for every message, unless it has none.
 */
const NO_REQUEST = { url: '', headers: new Headers() } as Request
