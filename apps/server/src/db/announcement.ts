import { conversationId, userId } from '@parley/protocol'
import { z } from 'zod'

/**
 * What one process tells the servers on its database. It only says where to look: what is true stands
 * in the tables, so hearing the same twice, late, or for nothing does no harm.
 */
export const announcement = z.discriminatedUnion('about', [
  /** Somebody else moved this log on from `after`, or deleted the conversation. */
  z.object({ about: z.literal('log'), conversation: conversationId, after: z.int().nonnegative() }),
  /** Sessions or tokens of this user have ended. */
  z.object({ about: z.literal('credentials'), user: userId }),
  /** The account is deleted; who saw the person before stands nowhere any more. */
  z.object({
    about: z.literal('end'),
    user: userId,
    friends: z.array(userId),
    conversations: z.array(conversationId),
    blocks: z.array(userId),
  }),
  /** These people's devices show a list that is not so any more. */
  z.object({
    about: z.literal('lists'),
    users: z.array(userId),
    what: z.enum(['friends', 'conversations', 'profile']),
  }),
])
export type Announcement = z.infer<typeof announcement>
