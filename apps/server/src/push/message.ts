import { type Kind, type Preferences, type PushMessage, type rest, type UserId } from '@parley/protocol'
import { sql } from 'kysely'
import type { Db } from '../queries/db.ts'

/** A line or two: no lock screen shows more, and push services take 4 KB. */
const MAX_TEXT = 240
const MAX_NAME = 120

/** What may be said of an event to whoever is away. */
export interface Content {
  readonly actor: string
  readonly kind: Kind | null
  readonly title: string | null
  readonly text: string | null
  readonly files: number | null
}

export async function contentOf(
  db: Db,
  { actor, conversation, seq }: Pick<rest.Notification, 'actor' | 'conversation' | 'seq'>,
): Promise<Content | undefined> {
  const { rows } = await sql<Content>`
    SELECT u.name AS actor, c.kind, c.title, e.payload ->> 'text' AS text,
           jsonb_array_length(e.payload -> 'attachments') AS files
    FROM users u
    LEFT JOIN conversations c ON c.id = ${conversation ?? null}
    LEFT JOIN events e ON e.conversation = c.id AND e.seq = ${seq ?? null} AND e.type = 'message'
    WHERE u.id = ${actor}`.execute(db)
  return rows[0]
}

/** What one person's devices are told; with nothing of what was said where they want it so. */
export function pushMessage(
  user: UserId,
  about: Pick<rest.Notification, 'at' | 'conversation' | 'seq'> & Pick<PushMessage, 'kind'>,
  content: Content,
  { shows }: Pick<Preferences, 'shows'>,
): PushMessage {
  const { kind, at, conversation, seq } = about
  return {
    kind,
    for: user,
    at,
    ...(conversation !== undefined && { conversation }),
    ...(seq !== undefined && { seq }),
    ...(content.kind !== null && { conversationKind: content.kind }),
    ...(shows === 'text' && {
      actor: begun(content.actor, MAX_NAME),
      ...(content.title !== null && content.title !== '' && { title: begun(content.title, MAX_NAME) }),
      ...(content.text !== null && content.text !== '' && { text: begun(content.text, MAX_TEXT) }),
      ...(content.files !== null && content.files > 0 && { files: content.files }),
    }),
  }
}

const letters = new Intl.Segmenter()

/** Cut between letters as people see them, and said so. */
function begun(text: string, max: number): string {
  if (text.length <= max) return text
  let end = 0
  // A letter may be made of any number of marks: what does not fit is left out whole.
  for (const { index, segment } of letters.segment(text.slice(0, max * 2))) {
    if (index + segment.length >= max) break
    end = index + segment.length
  }
  return `${text.slice(0, end)}…`
}
