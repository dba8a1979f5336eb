import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { type Configuration, Hocuspocus } from '@hocuspocus/server'
import {
  accountDocument,
  CODES,
  type AccountMessage,
  conversationDocument,
  type Limits,
  type Millis,
  parseDocumentName,
  type UserId,
} from '@parley/protocol'
import { WebSocketServer } from 'ws'
import { messageYjsSyncStep1 } from 'y-protocols/sync'
import type { Auth } from '../auth/auth.ts'
import type { Revocation } from '../auth/identity.ts'
import type { CommandHandler } from '../commands/outcome.ts'
import type { Database } from '../db/database.ts'
import type { Appender } from '../log/appender.ts'
import type { Bus } from '../log/bus.ts'
import type { Rates } from '../limits/rates.ts'
import { secondsOf } from '../limits/rate-limited.ts'
import type { Logger } from '../logger.ts'
import { eventsAfter } from '../queries/events.ts'
import type { Presence } from '../presence/presence.ts'
import type { Positions } from '../reading/positions.ts'
import { AccountDocuments } from './account-documents.ts'
import { authenticate } from './authenticate.ts'
import { forgetGone, stampAwareness } from './awareness.ts'
import { ConversationDocuments } from './conversation-documents.ts'
import { FrameWriter } from './frame.ts'
import { greet } from './greet.ts'
import { Intake } from './intake.ts'
import { Notices } from './notices.ts'
import { type Context, Peer } from './peer.ts'
import { PresencePace } from './presence-pace.ts'
import { createReveal } from './reveal.ts'
import { covers, Revoked } from './revoked.ts'
import { SocketLimits } from './socket-limits.ts'
import { addressOf, admit, refuseUpgrade } from './upgrade.ts'

const HEARTBEAT_MS = 20_000
/** Who is there answers a ping within this time, mostly. */
const ANSWERED_MS = 2_000
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
  readonly presence: Presence
  readonly auth: Pick<Auth, 'authenticate' | 'onRevoked'>
  readonly limits: Limits
  readonly rates: Rates
  /** How many proxies stand in front and append to X-Forwarded-For. */
  readonly trustProxy: number
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
  const { db, appender, bus, handler, positions, presence, auth, limits, rates, now, logger } = options
  const peers = new Set<Peer>()
  const revoked = new Revoked()
  const frames = new FrameWriter()
  const presencePace = new PresencePace(rates.presence)
  const socketLimits = new SocketLimits({ limits, rates, peers })
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
    commands: rates.commands,
    maxCommands: limits.outboxCommands,
    maxBytes: limits.accountBytes,
    now,
    onFree: free,
    onWork: (user, frames) => rates.frames.charge(user, frames),
  })
  const notices = new Notices({
    positions,
    limits,
    now,
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
        {
          appender,
          revoked,
          sockets: socketLimits,
          authenticate: (credentials) => auth.authenticate(credentials),
        },
        payload,
      ),

    async onLoadDocument({ documentName, document }) {
      const name = parseDocumentName(documentName)
      if (name?.kind === 'account') await accounts.load(name.user, document)
      else if (name?.kind === 'conversation') {
        forgetGone(document.awareness)
        await conversations.load(name.conversation, document)
      }
    },

    async connected({ connection, context, documentName }) {
      socketLimits.opened(context.peer)
      const name = parseDocumentName(documentName)
      const user = context.peer.identity?.user.id
      if (name !== undefined && user !== undefined)
        await greet({ appender, notices, presence, logger }, connection, context.peer, user, name)
    },

    async onDisconnect({ context }) {
      socketLimits.closed(context.peer)
    },

    async beforeSync({ connection, documentName, payload, type }) {
      const name = parseDocumentName(documentName)
      if (name?.kind !== 'account') return
      if (type === messageYjsSyncStep1) {
        const seen = await accounts.seenOf(name.user, payload)
        // Ahead of what it lacks, so that it need not mix the two.
        const renewed: AccountMessage = { type: 'renewed', seen: [...seen] }
        if (seen.size > 0) connection.sendStateless(JSON.stringify(renewed))
        return
      }
      const fault = accounts.whyNoRoom(name.user, payload)
      if (fault !== undefined) throw Object.assign(new Error(fault), { code: 4413, reason: 'too_large' })
    },

    async beforeHandleAwareness(payload) {
      stampAwareness(payload, presencePace)
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

  /** Lets go of a document that nothing holds any more, unless somebody has it open. */
  function free(name: string): void {
    const doc = hocuspocus.documents.get(name)
    if (doc !== undefined) void hocuspocus.unloadDocument(doc)
  }

  function endRevoked(revocation: Revocation): void {
    revoked.note(revocation)
    for (const peer of peers) if (covers(revocation, peer.identity)) peer.end('unauthenticated')
    // A document that is kept for the sake of commands that wait need not be any more.
    free(accountDocument(revocation.user))
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
    setTimeout(presence.beat, ANSWERED_MS).unref()
    revoked.forgetOld(HEARTBEAT_MS)
  }, HEARTBEAT_MS)
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.frameBytes,
    perMessageDeflate: false,
  })

  return {
    async handleUpgrade(request, socket, head) {
      const address = addressOf(request, options.trustProxy)
      const wait = rates.addressSockets.ask(address)
      if (wait > 0) {
        rates.addressSockets.noteLimited()
        return refuseUpgrade(socket, '429 Too Many Requests', `Retry-After: ${secondsOf(wait)}\r\n`)
      }
      const admission = await admit({ auth, revoked, logger, publicUrl: options.publicUrl }, request)
      if (isClosing) return refuseUpgrade(socket, '503 Service Unavailable')
      if ('refusal' in admission) return refuseUpgrade(socket, admission.refusal)
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        // A broken frame or a reset: `close` follows and cleans up.
        webSocket.on('error', (error) => logger.debug({ err: error }, 'a socket failed'))
        // Only now can a browser be told why.
        if (admission.identity !== undefined && !socketLimits.hasRoomFor(admission.identity.user.id)) {
          webSocket.close(CODES.rate_limited.closeCode, 'rate_limited')
          return
        }
        const peer = new Peer(webSocket, socket, frames, admission.identity, now)
        peers.add(peer)
        const connection = hocuspocus.handleConnection(peer, NO_REQUEST, { peer, address })
        const intake = new Intake({
          socket: webSocket,
          frames: rates.frames,
          key: () => peer.identity?.user.id ?? address,
          receive: (frame) => peer.receive(connection, frame),
        })
        webSocket.binaryType = 'nodebuffer'
        webSocket.on('message', (data, isBinary) => {
          if (isBinary) intake.take(data as Buffer)
          else peer.end('invalid')
        })
        webSocket.on('close', (code, reason) => {
          peers.delete(peer)
          intake.close()
          peer.ended(code)
          connection.handleClose({ code, reason: reason.toString() })
        })
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
      notices.close()
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
