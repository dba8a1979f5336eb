import type { Action, ConversationId, Refusal, UserId } from '@parley/protocol'
import type pg from 'pg'
import { loadConversation } from '../log/load-conversation.ts'
import { permitted, refuse } from './decide.ts'
import { NO_FACTS, peerOf, readFacts } from './facts.ts'

/** Why `user` may not do it, decided as a command would be, on what is stored now; undefined if they may. */
export async function whyTheyMayNot(
  db: pg.Pool,
  user: UserId,
  conversation: ConversationId,
  action: Action,
): Promise<Refusal | undefined> {
  const stored = await loadConversation(db, conversation)
  if (stored.is !== 'present') return refuse('forbidden').refusal
  const { members, kind } = stored.conversation
  const peer = kind === 'direct' ? peerOf(user, conversation, members.keys()) : undefined
  const facts = peer === undefined ? NO_FACTS : await readFacts(db, user, conversation, [], peer)
  return permitted({ author: user, conversation: stored.conversation, facts }, action)?.refusal
}
