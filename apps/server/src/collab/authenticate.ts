import type { onAuthenticatePayload } from '@hocuspocus/server'
import { type ConversationId, parseDocumentName, type UserId } from '@parley/protocol'
import type { Identity } from '../auth/identity.ts'
import type { Appender } from '../log/appender.ts'
import { Denied } from './denied.ts'
import type { Context } from './peer.ts'
import type { Revoked } from './revoked.ts'

export interface AuthenticateOptions {
  readonly appender: Appender
  readonly authenticate: (credentials: { bearer: string }) => Promise<Identity | undefined>
  readonly revoked: Revoked
}

/**
 * Who opens which document: the owner their account, a member a conversation, and that read-only.
 * What is not theirs and what does not exist are one answer (S2).
 */
export async function authenticate(
  options: AuthenticateOptions,
  payload: onAuthenticatePayload<Context>,
): Promise<void> {
  const { peer } = payload.context
  const document = parseDocumentName(payload.documentName)
  try {
    if (peer.identity === undefined && payload.token !== '') {
      const mark = options.revoked.mark()
      const identity = await options.authenticate({ bearer: payload.token })
      if (!options.revoked.hasEndedSince(mark, identity)) peer.identity ??= identity
    }
    if (peer.identity === undefined) throw new Denied('unauthenticated')
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

async function isMember(appender: Appender, conversation: ConversationId, user: UserId): Promise<boolean> {
  const stored = await appender.read(conversation)
  return stored.is === 'present' && stored.conversation.members.has(user)
}
