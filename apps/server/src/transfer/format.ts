import { conversationId, kind, millis, rest, userId } from '@parley/protocol'
import { z } from 'zod'

/**
 * A conversation as a file of JSON Lines, each in canonical form (RFC 8785), so that the same log and
 * the same names are the same bytes: first this header, then the event with seq n in line n + 1, as
 * it stands in the log, and last the footer. Attachments are named in it, and their bytes are not.
 */
export const exportHeader = z.strictObject({
  format: z.literal('parley-export'),
  version: z.literal(1),
  conversation: z.strictObject({ id: conversationId, kind, createdBy: userId, createdAt: millis }),
  /** Everybody the events name as an author or a member, in the order of their ids. */
  users: z.array(
    z.strictObject({
      id: userId,
      name: rest.displayName,
      /** Deleted users have none. */
      username: rest.username.optional(),
    }),
  ),
})

/** A file without it was cut off. */
export const exportFooter = z.strictObject({
  lastSeq: z.int().positive(),
  lastHash: z.string(),
  /** Of events: as many as the last one's number. */
  count: z.int().positive(),
  /** SHA-256 in hex of all bytes before this line: covers the names, which the chain does not. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

export type ExportHeader = z.infer<typeof exportHeader>
export type ExportFooter = z.infer<typeof exportFooter>
export type ExportUser = ExportHeader['users'][number]
