import { type CommandId, newId, type UserId } from '@parley/protocol'
import type { Auth } from '../auth/auth.ts'
import { Unavailable } from '../commands/outcome.ts'
import { eraseUser } from '../queries/accounts.ts'
import { leavableConversations } from '../queries/conversations.ts'
import type { ApiDeps } from './env.ts'

type Deps = Pick<ApiDeps, 'db' | 'handler' | 'now'> & { readonly auth: Pick<Auth, 'announceErased'> }

const ROUNDS = 3
/** Conversations left in one call of the handler: what runs beside it should not wait for all of them. */
const BATCH = 50

/**
 * Deletes an account. First the person leaves their conversations, which hands over what they own:
 * if that is cut short they are still there to try again. Only then goes what is theirs, and at the
 * end whatever somebody added them to in between.
 */
export async function deleteAccount(deps: Deps, user: UserId): Promise<void> {
  await leaveEverything(deps, user)
  await eraseUser(deps.db, user, deps.now())
  deps.auth.announceErased(user)
  await leaveEverything(deps, user)
}

async function leaveEverything({ db, handler, now }: Deps, user: UserId): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const conversations = await leavableConversations(db, user)
    if (conversations.length === 0) return
    for (let start = 0; start < conversations.length; start += BATCH) {
      const commands = conversations.slice(start, start + BATCH).map((conversation) => {
        return {
          id: newId<CommandId>(),
          type: 'member.remove' as const,
          createdAt: now(),
          conversation,
          user,
        }
      })
      // Refused is who was removed, or whose conversation was deleted, a moment before: the next round sees it.
      await handler.handle(user, commands)
    }
  }
  if ((await leavableConversations(db, user)).length > 0)
    throw new Unavailable('somebody keeps adding the user')
}
