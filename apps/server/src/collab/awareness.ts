import type { beforeHandleAwarenessPayload, Connection } from '@hocuspocus/server'
import {
  parseDocumentName,
  type PresenceSaid,
  presenceSaid,
  type PresenceSeen,
  QUIET_PRESENCE_CONNECTIONS,
} from '@parley/protocol'
import { createEncoder, toUint8Array, writeVarString, writeVarUint } from 'lib0/encoding'
import { applyAwarenessUpdate, type Awareness, removeAwarenessStates } from 'y-protocols/awareness'
import type { Identity } from '../auth/identity.ts'
import type { Context } from './peer.ts'
import type { PresencePace } from './presence-pace.ts'

/**
 * Lets a connection speak for itself and nobody else [S3]: of the states it sends only its own is
 * kept, with nothing in it but the fields of the protocol and the person of the connection. A
 * provider may change its client id; the state under the old one is then removed, so that a
 * connection has one state however many ids it invents [S5].
 */
export function stampAwareness(payload: beforeHandleAwarenessPayload<Context>, pace: PresencePace): void {
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
  const client = [...states.keys()].find((id) => isOwnOrFree(connection, awareness, id))
  const said = client === undefined ? undefined : presenceSaid.safeParse(states.get(client))
  states.clear()
  if (client === undefined || said?.success !== true) return
  const show = (): PresenceSeen | undefined => takePlace(connection, identity, client, said.data)
  const showLater = (): void => {
    // Somebody else may have come with this id meanwhile.
    if (!isOwnOrFree(connection, awareness, client)) return
    const seen = show()
    if (seen !== undefined)
      applyAwarenessUpdate(awareness, encodeNext(awareness, client, seen), originOf(connection))
  }
  if (!pace.mayShow(connection, `${identity.user.id} ${document.name}`, showLater)) return
  const seen = show()
  if (seen !== undefined) states.set(client, seen)
}

/**
 * Forgets who is gone altogether. y-protocols remembers the clock of every client there ever was, and
 * takes who comes back under the same id for an update of somebody who was never away; then Hocuspocus
 * 4.7, which goes by what was added, does not know whose state it is: nobody could change it any more,
 * and it would stay for half a minute after its owner has left.
 */
export function forgetGone(awareness: Awareness): void {
  awareness.on('update', ({ removed }: { removed: readonly number[] }) => {
    for (const client of removed) awareness.meta.delete(client)
  })
}

const isOwnOrFree = (connection: Connection, awareness: Awareness, client: number): boolean =>
  connection.document.getClients(connection).has(client) || !awareness.states.has(client)

/** What the others are to see of the connection, instead of all that they have seen under other ids; undefined: nothing. */
function takePlace(
  connection: Connection,
  { user: { id, name } }: Identity,
  client: number,
  { typing, active }: PresenceSaid,
): PresenceSeen | undefined {
  const { document } = connection
  const isQuiet = document.getConnectionsCount() > QUIET_PRESENCE_CONNECTIONS
  const isShown = !isQuiet || typing === true
  const ownIds = document.getClients(connection) as ReadonlySet<number>
  const stale = [...ownIds].filter((own) => own !== client || !isShown)
  if (stale.length > 0) removeAwarenessStates(document.awareness, stale, originOf(connection))
  if (!isShown) return undefined
  return {
    user: { id, name },
    ...(typing === undefined ? {} : { typing }),
    ...(active === undefined || isQuiet ? {} : { active }),
  }
}

/** An update as the connection would have sent it. It has counted its clock further itself, and goes on from there. */
function encodeNext(awareness: Awareness, client: number, state: PresenceSeen): Uint8Array {
  const encoder = createEncoder()
  writeVarUint(encoder, 1)
  writeVarUint(encoder, client)
  writeVarUint(encoder, (awareness.meta.get(client)?.clock ?? 0) + 1)
  writeVarString(encoder, JSON.stringify(state))
  return toUint8Array(encoder)
}

const originOf = (connection: Connection) => ({ source: 'connection', connection }) as const
