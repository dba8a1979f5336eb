import { conversationId, seq } from '@parley/protocol'
import { z } from 'zod'

const conversation = conversationId

/** What a tab wants of the one that has the connection. */
export const wish = z.discriminatedUnion('wish', [
  /** A stretch of a log, before anything else. */
  z.object({ wish: z.literal('fetch'), conversation, from: seq, to: seq }),
  /** A stretch that could not be read: to be looked at, and given up where it is damaged. */
  z.object({ wish: z.literal('mend'), conversation, from: seq, to: seq }),
  /** Older history is to make room on this device. */
  z.object({ wish: z.literal('thin') }),
  /** All history may come to this device again. */
  z.object({ wish: z.literal('restore') }),
  /** A conversation that the person has left is to be removed from this device. */
  z.object({ wish: z.literal('forget'), conversation }),
  /** The server's log counts, although it is not what this device received. */
  z.object({ wish: z.literal('take-servers-log'), conversation }),
  /** What the server has lost of a conversation need not be told any more. */
  z.object({ wish: z.literal('dismiss-loss'), conversation }),
  /** A connection now, instead of at the end of the waiting time. */
  z.object({ wish: z.literal('connect') }),
  /** A connection with the session of somebody who has signed in again. */
  z.object({ wish: z.literal('resume') }),
])
export type Wish = z.infer<typeof wish>
