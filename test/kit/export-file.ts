import { createHash } from 'node:crypto'
import { canonicalJson, type Draft, EMPTY_TIP, type Event, newId, seal, type UserId } from '@parley/protocol'
import type { LegalLog } from './legal-log.ts'
import { nodeSha256 } from './logs.ts'

/** The lines of an export, without their ends, as docs/operating.md describes them: written by hand here. */
export function exportLines(
  { id, events }: Pick<LegalLog, 'id' | 'events'>,
  nameOf: (user: UserId) => { name: string; username?: string } = (user) => ({
    name: `Name of ${user.slice(-4)}`,
    username: `u${user.slice(-12)}`,
  }),
  /** Who is named besides. */
  others: readonly UserId[] = [],
): string[] {
  const [first] = events
  if (first === undefined || first.type !== 'meta') throw new Error('a log begins with its kind')
  const named = events.flatMap((event) => [event.author, ...(event.type === 'member' ? [event.user] : [])])
  const users = [...new Set([...named, ...others])]
  const header = {
    format: 'parley-export',
    version: 1,
    conversation: { id, kind: first.kind, createdBy: first.author, createdAt: first.at },
    users: users.toSorted().map((user) => ({ id: user, ...nameOf(user) })),
  }
  return withFooter([canonicalJson(header), ...events.map((event) => canonicalJson(event))])
}

/** Header and events with the footer that fits them, whatever they are. */
export function withFooter(lines: readonly string[]): string[] {
  const last = JSON.parse(lines.at(-1) ?? '') as Event
  const sha256 = createHash('sha256')
    .update(lines.map((line) => `${line}\n`).join(''))
    .digest('hex')
  return [...lines, canonicalJson({ lastSeq: last.seq, lastHash: last.hash, count: last.seq, sha256 })]
}

export const bytesOf = (lines: readonly string[]): Buffer =>
  Buffer.from(lines.map((line) => `${line}\n`).join(''))

/** Bytes as they come from a file or a socket: in pieces of any size, each in the memory of the one before. */
export async function* inPieces(bytes: Uint8Array, size = 64 * 1024): AsyncGenerator<Uint8Array> {
  const memory = new Uint8Array(size)
  for (let start = 0; start < bytes.length; start += size) {
    const piece = bytes.subarray(start, start + size)
    memory.set(piece)
    yield memory.subarray(0, piece.length)
  }
}

export const lineOf = (event: Event): string => canonicalJson(event)

/** The log with further messages, as another server might have gone on with it. */
export const continued = (
  events: readonly Event[],
  author: UserId,
  count: number,
  text = 'elsewhere',
): Event[] => {
  const drafts = Array.from({ length: count }, (_, n): Draft => ({
    id: newId(),
    type: 'message',
    author,
    text: `${text} ${n}`,
    writtenAt: 1,
  }))
  return [...events, ...seal(events.at(-1) ?? EMPTY_TIP, drafts, Date.now(), nodeSha256)]
}

export async function gather(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const gathered: Uint8Array[] = []
  for await (const piece of pieces) gathered.push(piece)
  return Buffer.concat(gathered)
}
