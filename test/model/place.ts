import type { EventId, RefusalCode, UserId } from '@parley/protocol'
import type { Participant, Said, Talk, World } from './world.ts'

/** Everything that speaks against a command: where there are several reasons any of them is a right answer. */
export type Reasons = ReadonlySet<RefusalCode>

/** Somebody who is in a conversation, and the command they give under an id. */
export interface Place {
  readonly world: World
  readonly talk: Talk
  readonly author: UserId
  readonly self: Participant
  readonly id: EventId | undefined
}

export const because = (...codes: (RefusalCode | false)[]): Reasons =>
  new Set(codes.filter((code) => code !== false))

export function append(
  { talk, author }: Pick<Place, 'talk' | 'author'>,
  id: EventId | undefined,
  type: Said['type'],
  payload: object,
): void {
  const present = Object.entries(payload).filter(([, value]) => value !== undefined)
  talk.log.push({ id, type, author, payload: Object.fromEntries(present) })
}

export const isAdmin = ({ role }: Participant): boolean => role === 'owner' || role === 'admin'

/** The conversation ends for everybody. */
export function end(talk: Talk): void {
  talk.isDeleted = true
  talk.members.clear()
  talk.log.length = 0
}
