import type { beforeHandleAwarenessPayload, Connection } from '@hocuspocus/server'
import {
  parseDocumentName,
  presenceSaid,
  type PresenceSeen,
  QUIET_PRESENCE_CONNECTIONS,
} from '@parley/protocol'
import { removeAwarenessStates } from 'y-protocols/awareness'
import type { Context } from './peer.ts'

/**
 * Lets a connection speak for itself and nobody else [S3]: of the states it sends only its own is
 * kept, with nothing in it but the fields of the protocol and the person of the connection. A
 * provider may change its client id; the state under the old one is then removed, so that a
 * connection has one state however many ids it invents [S5].
 */
export function stampAwareness(payload: beforeHandleAwarenessPayload<Context>): void {
  const { states, connection, document, awareness, context } = payload
  const identity = context?.peer.identity
  const isConversation = parseDocumentName(payload.documentName)?.kind === 'conversation'
  if (connection === undefined || identity === undefined || !isConversation) {
    states.clear()
    return
  }
  // Hocuspocus 4.7.0 decodes into a scratch awareness, whose own empty state stands first among the
  // sender's; passed on, it would be one more invented client in everybody's list for each message.
  const [scratchId] = states.keys()
  if (scratchId !== undefined) states.delete(scratchId)

  const ownIds = document.getClients(connection) as ReadonlySet<number>
  const clientId = [...states.keys()].find((id) => ownIds.has(id) || !awareness.states.has(id))
  const said = clientId === undefined ? undefined : presenceSaid.safeParse(states.get(clientId))
  states.clear()
  if (clientId === undefined || said?.success !== true) return

  const { typing, active } = said.data
  const isQuiet = document.getConnectionsCount() > QUIET_PRESENCE_CONNECTIONS
  const stale = [...ownIds].filter((id) => id !== clientId || (isQuiet && typing !== true))
  if (stale.length > 0) removeAwarenessStates(awareness, stale, originOf(connection))
  if (isQuiet && typing !== true) return

  const { id, name } = identity.user
  const seen: PresenceSeen = {
    user: { id, name },
    ...(typing === undefined ? {} : { typing }),
    ...(active === undefined || isQuiet ? {} : { active }),
  }
  states.set(clientId, seen)
}

const originOf = (connection: Connection) => ({ source: 'connection', connection }) as const
