import type { ConversationId, Event, EventId, MessageEvent, ReactionEvent, Seq } from '@parley/protocol'
import type { Archive } from '../archive/archive.ts'

/** What lies outside of a run and is shown with it. */
export interface References {
  /** Reactions to messages of the run. */
  readonly reactions: readonly ReactionEvent[]
  /** Messages that replies of the run refer to. */
  readonly targets: ReadonlyMap<EventId, Event>
}

export const NO_REFERENCES: References = { reactions: [], targets: new Map() }

/** Without what was cut off the log. */
export const referencesUpTo = ({ reactions, targets }: References, last: Seq): References => ({
  reactions: reactions.filter(({ seq }) => seq <= last),
  targets: new Map([...targets].filter(([, { seq }]) => seq <= last)),
})

/** Reads all that a run refers to and is referred to by. Rejects with a `StoreError`. */
export async function readReferences(
  archive: Archive,
  id: ConversationId,
  run: readonly Event[],
): Promise<References> {
  const messages = run.filter((event) => event.type === 'message').map((message) => message.id)
  const [found, targets] = await Promise.all([
    archive.reactionsTo(id, messages),
    readTargets(archive, id, missingTargets(run, NO_REFERENCES)),
  ])
  return { reactions: found.filter(isReaction), targets }
}

/** The originals of these ids, as far as the device has them. Rejects with a `StoreError`. */
export async function readTargets(
  archive: Archive,
  id: ConversationId,
  ids: readonly EventId[],
): Promise<ReadonlyMap<EventId, Event>> {
  const found = await Promise.all(ids.map((target) => archive.eventById(id, target)))
  return new Map(found.flatMap((event) => (event === undefined ? [] : [[event.id, event] as const])))
}

/** Which originals a run's replies want that neither the run nor the references hold. */
export function missingTargets(run: readonly Event[], { targets }: References): readonly EventId[] {
  const inside = new Set(run.map((event) => event.id))
  return [...repliedTo(run)].filter((id) => !inside.has(id) && !targets.has(id))
}

/** What of these events the run was waiting for: they arrived elsewhere in the log. */
export function adopt(references: References, run: readonly Event[], events: readonly Event[]): References {
  const shown = new Set(run.map((event) => event.id))
  const wanted = repliedTo(run)
  const reactions = events.filter(isReaction).filter(({ to }) => shown.has(to))
  const targets = events.filter((event) => wanted.has(event.id))
  if (reactions.length === 0 && targets.length === 0) return references
  return {
    reactions: [...references.reactions, ...reactions],
    targets: new Map([...references.targets, ...targets.map((event) => [event.id, event] as const)]),
  }
}

const isReaction = (event: Event): event is ReactionEvent => event.type === 'reaction'

const isReply = (event: Event): event is MessageEvent & { replyTo: EventId } =>
  event.type === 'message' && event.replyTo !== undefined

const repliedTo = (run: readonly Event[]): ReadonlySet<EventId> =>
  new Set(run.filter(isReply).map(({ replyTo }) => replyTo))
