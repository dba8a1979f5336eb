import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import {
  accountDocument,
  accountRoots,
  type Command,
  conversationDocument,
  type ConversationId,
  type Limits,
  type Millis,
  type UserId,
} from '@parley/protocol'
import * as Y from 'yjs'
import type { Auth } from '../../apps/server/src/auth/auth.ts'
import { createAuth } from '../../apps/server/src/auth/auth.ts'
import { type Core, createCore } from '../../apps/server/src/core.ts'
import type { Database } from '../../apps/server/src/db/database.ts'
import { createRates } from '../../apps/server/src/limits/rates.ts'
import { createLogger, type Logger } from '../../apps/server/src/logger.ts'
import { UNHURRIED } from './limits.ts'

export interface SyncServer {
  readonly url: string
  readonly core: Core
  readonly auth: Auth
  close(): Promise<void>
}

/** `/sync` alone, over a real socket and a real database: what documents do, without the REST door. */
export async function startSyncServer(
  db: Database,
  limits: Limits = UNHURRIED,
  logger: Logger = createLogger('silent'),
  now: () => Millis = Date.now,
): Promise<SyncServer> {
  const auth = createAuth({ db: db.kysely, secureCookies: false, now })
  const core = createCore({ db, auth, limits, rates: createRates({ limits, now }), logger, now })
  const server = createServer()
  server.on('upgrade', (request, socket, head) => void core.collab.handleUpgrade(request, socket, head))
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/sync`,
    core,
    auth,
    async close() {
      await core.close()
      server.close()
    },
  }
}

export interface Opened {
  readonly doc: Y.Doc
  readonly provider: HocuspocusProvider
  /** Reasons for which the document was denied, and closed. */
  readonly denied: string[]
  readonly closed: string[]
  readonly stateless: { type: string; [key: string]: unknown }[]
  /** Resolves when the predicate holds; looks again after each change, message and denial. */
  until(predicate: () => boolean): Promise<void>
}

export interface Device {
  account(): Opened
  conversation(id: ConversationId): Opened
  open(name: string): Opened
  /** Lets go of a document that was denied or closed; its content stays, and it can be opened again. */
  leave(name: string): void
  /** Puts commands into the account's outbox. */
  intend(...commands: Command[]): void
  close(): void
}

/**
 * A program of one person with the stock provider: one socket, a token, any documents. Given the same
 * `disk` again, it goes on with the documents of the program before.
 */
export function connectDevice(
  url: string,
  user: UserId,
  token: string,
  disk: Map<string, Y.Doc> = new Map(),
): Device {
  const websocketProvider = new HocuspocusProviderWebsocket({ url, WebSocketPolyfill: WebSocket })
  const opened = new Map<string, Opened>()
  function open(name: string): Opened {
    const existing = opened.get(name)
    if (existing !== undefined) return existing
    const looks = new Set<() => void>()
    const look = (): void => looks.forEach((each) => each())
    const doc = disk.get(name) ?? new Y.Doc()
    disk.set(name, doc)
    const [denied, closed, stateless]: [string[], string[], Opened['stateless']] = [[], [], []]
    const provider = new HocuspocusProvider({
      websocketProvider,
      name,
      document: doc,
      token,
      onAuthenticationFailed: ({ reason }) => {
        denied.push(reason)
        look()
      },
      onClose: ({ event }) => {
        closed.push(event.reason)
        look()
      },
      onStateless: ({ payload }) => {
        stateless.push(JSON.parse(payload) as Opened['stateless'][number])
        look()
      },
      onSynced: look,
      onUnsyncedChanges: look,
      onAwarenessChange: look,
    })
    doc.on('update', look)
    provider.attach()
    const result: Opened = {
      doc,
      provider,
      denied,
      closed,
      stateless,
      until: (predicate) =>
        new Promise((resolve) => {
          const check = (): void => {
            if (!predicate()) return
            looks.delete(check)
            resolve()
          }
          looks.add(check)
          check()
        }),
    }
    opened.set(name, result)
    return result
  }
  return {
    open,
    account: () => open(accountDocument(user)),
    conversation: (id) => open(conversationDocument(id)),
    leave(name) {
      // Without a good-bye: of a document that it has closed itself the server would hear it too late,
      // and end the next opening with it (Hocuspocus 4.7).
      websocketProvider.configuration.providerMap.delete(name)
      opened.get(name)?.provider.destroy()
      opened.delete(name)
    },
    intend: (...commands) => accountRoots(open(accountDocument(user)).doc).outbox.push(commands),
    close() {
      for (const { provider } of opened.values()) provider.destroy()
      websocketProvider.destroy()
    },
  }
}
