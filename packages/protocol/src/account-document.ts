import type * as Y from 'yjs'
import { z } from 'zod'
import { refusalCode } from './codes.ts'
import { millis, type Seq } from './events.ts'
import type { CommandId, ConversationId } from './ids.ts'

/** A command that was refused, kept until the person discards it or tries again (C3). */
export const rejection = z.object({
  code: refusalCode,
  message: z.string(),
  at: millis,
  /** The refused entry as it stood in the outbox, valid or not. */
  command: z.unknown(),
})
export type Rejection = z.infer<typeof rejection>

/**
 * A person's own document: what they intend (outbox), what was refused, and what follows them from
 * device to device. Written by the owner's devices; the server only empties `outbox` and fills
 * `rejections`. Outbox entries are unknown until parsed: any program of the owner may write them.
 */
export interface AccountRoots {
  readonly outbox: Y.Array<unknown>
  readonly rejections: Y.Map<Rejection>
  /** How far read; joined by maximum with every other copy, see `furthest` (R1). */
  readonly reads: Y.Map<Seq>
  readonly drafts: Y.Map<string>
  readonly prefs: Y.Map<unknown>
}

export const accountRoots = (doc: Y.Doc): AccountRoots => ({
  outbox: doc.getArray('outbox'),
  rejections: doc.getMap('rejections'),
  reads: doc.getMap('reads'),
  drafts: doc.getMap('drafts'),
  prefs: doc.getMap('prefs'),
})

export type ReadPositions = Readonly<Record<ConversationId, Seq>>
export type Rejections = Readonly<Record<CommandId, Rejection>>

/**
 * How far a person has read, over all their devices. Positions only rise: a Y.Map left to itself
 * lets a phone that was offline pull the laptop back from 90 to 40 (R1).
 */
export const furthest = (a: Seq, b: Seq): Seq => (a > b ? a : b)
