import type { onAuthenticatePayload } from '@hocuspocus/server'
import { type Code, type ConversationId, parseDocumentName, type UserId } from '@parley/protocol'
import type { Identity } from '../auth/identity.ts'
import type { Appender } from '../log/appender.ts'
import { Denied } from './denied.ts'
import type { Context, Peer } from './peer.ts'
import type { Revoked } from './revoked.ts'
import type { SocketLimits } from './socket-limits.ts'

export interface AuthenticateOptions {
  readonly appender: Appender
  readonly authenticate: (credentials: { bearer: string }) => Promise<Identity | undefined>
  readonly revoked: Revoked
  readonly sockets: SocketLimits
}

/**
 * Who opens which document: the owner their account, a member a conversation, and that read-only.
 * What is not theirs and what does not exist are one answer (S2).
 */
export async function authenticate(
  options: AuthenticateOptions,
  payload: onAuthenticatePayload<Context>,
): Promise<void> {
  const { peer, address } = payload.context
  const document = parseDocumentName(payload.documentName)
  try {
    if (peer.identity === undefined && payload.token !== '')
      await identify(options, peer, address, payload.token)
    if (peer.identity === undefined) throw new Denied('unauthenticated')
    if (!options.sockets.mayOpenAnother(peer)) endWith(peer, 'too_large')
    const { id } = peer.identity.user
    switch (document?.kind) {
      case 'account':
        if (document.user !== id) throw new Denied('forbidden')
        return
      case 'conversation':
        if (!(await isMember(options.appender, document.conversation, id))) throw new Denied('forbidden')
        payload.connectionConfig.readOnly = true
        return
      case undefined:
        throw new Denied('forbidden')
    }
  } catch (error) {
    if (error instanceof Denied) throw error
    throw new Denied('unavailable', { cause: error })
  }
}

async function identify(
  { authenticate, revoked, sockets }: AuthenticateOptions,
  peer: Peer,
  address: string,
  bearer: string,
): Promise<void> {
  if (!sockets.mayTry(address)) endWith(peer, 'rate_limited')
  const mark = revoked.mark()
  const identity = await authenticate({ bearer })
  if (identity === undefined) sockets.triedInVain(address)
  // Another document's token may have been quicker.
  else if (peer.identity === undefined && !revoked.hasEndedSince(mark, identity)) {
    if (!sockets.hasRoomFor(identity.user.id)) endWith(peer, 'rate_limited')
    peer.identity = identity
  }
}

/** Ends the whole socket: to the document there is no more to say than that it cannot be had now. */
function endWith(peer: Peer, code: Code): never {
  peer.end(code)
  throw new Denied('unavailable')
}

async function isMember(appender: Appender, conversation: ConversationId, user: UserId): Promise<boolean> {
  const stored = await appender.read(conversation)
  return stored.is === 'present' && stored.conversation.members.has(user)
}
