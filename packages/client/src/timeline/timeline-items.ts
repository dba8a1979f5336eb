import type { Command, Event, EventId, ReactionEvent, ReactionSet, UserId } from '@parley/protocol'
import type { Fate, FatedCommand } from '../outbox/fate.ts'
import type {
  MessageItem,
  NoticeItem,
  Place,
  ReactionTally,
  ReplyTarget,
  TimelineItem,
} from './timeline-types.ts'

export interface TimelineFacts {
  readonly me: UserId
  /** An unbroken run of the log, ascending. */
  readonly run: readonly Event[]
  /** Reactions to messages of the run that lie outside of it. */
  readonly reactions: readonly ReactionEvent[]
  /** Messages that replies of the run refer to and that lie outside of it. */
  readonly targets: ReadonlyMap<EventId, Event>
  /** Whether the run reaches the newest event that is known: only then does what waits belong behind it. */
  readonly isAtEnd: boolean
  /** This person's commands of this conversation, in the order they will take effect. */
  readonly commands: readonly FatedCommand[]
}

/**
 * Joins the log and what this person has said since into one list. A command whose event is in the
 * run is shown as that event, at that event's place: an item changes from waiting to said under the
 * same id, in the same update, and is never there twice (C1, L2). Items that did not change stay the
 * same objects.
 */
export function timelineItems(
  facts: TimelineFacts,
  previous: readonly TimelineItem[] = [],
): readonly TimelineItem[] {
  const { me, run, targets, isAtEnd, commands } = facts
  const before = new Map(previous.map((item) => [item.id, item]))
  const said = new Map(run.map((event) => [event.id, event]))
  const reactions = tally(facts)
  const replyTo = (id: EventId | undefined): { replyTo: ReplyTarget } | undefined =>
    id === undefined ? undefined : { replyTo: targetOf(id, said.get(id) ?? targets.get(id)) }
  const items: TimelineItem[] = []

  for (const event of run) {
    if (event.type === 'message') {
      items.push(
        kept(before.get(event.id), {
          kind: 'message',
          id: event.id,
          author: event.author,
          text: event.text,
          writtenAt: event.writtenAt,
          ...replyTo(event.replyTo),
          mentions: event.mentions ?? NONE,
          attachments: event.attachments ?? NONE,
          files: NONE,
          reactions: reactions.get(event.id) ?? NONE,
          place: placeOf(event),
        }),
      )
    } else if (event.type !== 'reaction') {
      const known = before.get(event.id)
      items.push(
        known?.kind === 'notice' ? known : { kind: 'notice', id: event.id, event, place: placeOf(event) },
      )
    }
  }
  if (!isAtEnd) return sameList(previous, items)

  for (const { command, fate, files = NONE } of commands) {
    if (command?.type !== 'message.send' || said.has(command.id)) continue
    items.push(
      kept(before.get(command.id), {
        kind: 'message',
        id: command.id,
        author: me,
        text: command.text,
        writtenAt: command.createdAt,
        ...replyTo(command.replyTo),
        mentions: command.mentions ?? NONE,
        // What is being sent has names of files only once the server has answered.
        attachments: NONE,
        files,
        ...(files.length === 0 &&
          command.attachments !== undefined && { filesElsewhere: command.attachments.length }),
        reactions: NONE,
        place: { state: 'pending', fate },
      }),
    )
  }
  return sameList(previous, items)
}

const NONE: readonly never[] = []

const placeOf = ({ seq, at }: Event): NoticeItem['place'] => ({ state: 'said', seq, at })

function targetOf(id: EventId, event: Event | undefined): ReplyTarget {
  return event?.type === 'message'
    ? {
        state: 'known',
        id,
        seq: event.seq,
        author: event.author,
        text: event.text,
        attachments: event.attachments ?? NONE,
      }
    : { state: 'unknown', id }
}

/** Who reacts with what to each message: the log's reactions in their order, then this person's own that wait. */
function tally({
  me,
  run,
  reactions,
  commands,
}: TimelineFacts): ReadonlyMap<EventId, readonly ReactionTally[]> {
  const bySeq = new Map<number, ReactionEvent>()
  for (const event of [...reactions, ...run]) if (event.type === 'reaction') bySeq.set(event.seq, event)
  const said = new Set([...bySeq.values()].map(({ id }) => id))
  const messages = new Map<EventId, Map<string, Set<UserId>>>()
  const react = (to: EventId, emoji: string, user: UserId, on: boolean) => {
    const emojis = messages.get(to) ?? new Map<string, Set<UserId>>()
    messages.set(to, emojis)
    const users = emojis.get(emoji) ?? new Set<UserId>()
    emojis.set(emoji, users)
    if (on) users.add(user)
    else users.delete(user)
  }
  for (const event of [...bySeq.values()].sort((a, b) => a.seq - b.seq)) {
    react(event.to, event.emoji, event.author, event.on)
  }
  for (const { command, fate } of commands) {
    if (isReaction(command) && counts(fate) && !said.has(command.id))
      react(command.to, command.emoji, me, command.on)
  }
  const tallies = new Map<EventId, readonly ReactionTally[]>()
  for (const [to, emojis] of messages) {
    const list = [...emojis].flatMap(([emoji, users]) =>
      users.size === 0 ? [] : [{ emoji, users: [...users] }],
    )
    if (list.length > 0) tallies.set(to, list)
  }
  return tallies
}

const isReaction = (command: Command | undefined): command is ReactionSet => command?.type === 'reaction.set'

/** A refused reaction is not shown as if it had been made; its refusal is listed with the other commands. */
const counts = ({ state }: Fate): boolean => state !== 'refused' && state !== 'discarded'

/** The item as it was, when it says the same. */
function kept(before: TimelineItem | undefined, item: MessageItem): MessageItem {
  if (before?.kind !== 'message') return item
  const isSame =
    samePlace(before.place, item.place) &&
    before.text === item.text &&
    sameTarget(before.replyTo, item.replyTo) &&
    before.attachments.length === item.attachments.length &&
    before.files === item.files &&
    sameReactions(before.reactions, item.reactions)
  return isSame ? before : item
}

function samePlace(a: Place, b: Place): boolean {
  if (a.state === 'said') return b.state === 'said' && a.seq === b.seq
  return b.state === 'pending' && a.fate === b.fate
}

const sameTarget = (a: ReplyTarget | undefined, b: ReplyTarget | undefined): boolean =>
  a?.state === b?.state && a?.id === b?.id

const sameReactions = (a: readonly ReactionTally[], b: readonly ReactionTally[]): boolean =>
  a.length === b.length &&
  a.every(({ emoji, users }, index) => emoji === b[index]?.emoji && sameList(users, b[index].users) === users)

/** The list as it was, when each of its entries is the same. */
const sameList = <T>(before: readonly T[], after: readonly T[]): readonly T[] =>
  before.length === after.length && before.every((entry, index) => Object.is(entry, after[index]))
    ? before
    : after
