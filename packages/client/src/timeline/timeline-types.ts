import type {
  Attachment,
  EventId,
  MemberEvent,
  Mention,
  MetaEvent,
  Millis,
  Seq,
  UserId,
} from '@parley/protocol'
import type { Fate } from '../outbox/fate.ts'
import type { Observable } from '../observable.ts'
import type { OwnFile } from '../uploads/held-message.ts'

/** Where an item stands: said, with its place in the log, or still the intention of this person. */
export type Place =
  | { readonly state: 'said'; readonly seq: Seq; readonly at: Millis }
  | { readonly state: 'pending'; readonly fate: Fate }

export interface ReactionTally {
  readonly emoji: string
  /** In the order they reacted; own pending reactions are counted. */
  readonly users: readonly UserId[]
}

/** The message that a reply refers to. */
export type ReplyTarget =
  | {
      readonly state: 'known'
      readonly id: EventId
      readonly seq: Seq
      readonly author: UserId
      readonly text: string
      readonly attachments: readonly Attachment[]
    }
  /** Not on this device yet: it comes with the older history. */
  | { readonly state: 'unknown'; readonly id: EventId }

export interface MessageItem {
  readonly kind: 'message'
  /** The same before and after the server has answered: an item keeps its identity on the screen. */
  readonly id: EventId
  readonly author: UserId
  readonly text: string
  /** The sender's clock. */
  readonly writtenAt: Millis
  readonly replyTo?: ReplyTarget
  readonly mentions: readonly Mention[]
  readonly attachments: readonly Attachment[]
  /** While it waits: its files as far as this device has them. */
  readonly files: readonly OwnFile[]
  /** While it waits: how many of its files another device has. */
  readonly filesElsewhere?: number
  readonly reactions: readonly ReactionTally[]
  readonly place: Place
}

/** A change of members or of the conversation itself, shown as a quiet line. */
export interface NoticeItem {
  readonly kind: 'notice'
  readonly id: EventId
  readonly event: MemberEvent | MetaEvent
  readonly place: { readonly state: 'said'; readonly seq: Seq; readonly at: Millis }
}

export type TimelineItem = MessageItem | NoticeItem

/** Why what the device holds and what the server says cannot both be the log (L7). */
export type LogFault =
  | { readonly fault: 'gap'; readonly expected: Seq; readonly found: Seq }
  | { readonly fault: 'hash'; readonly seq: Seq }
  | { readonly fault: 'time'; readonly seq: Seq }
  /**
   * Asked again, the server shows something else at `seq` than what was said: the person decides what is next.
   * `isChained`: its hashes were made anew to fit; otherwise the server's own log does not fit together.
   */
  | { readonly fault: 'altered'; readonly seq: Seq; readonly isChained: boolean }
  /** An event this version of the app cannot read. */
  | { readonly fault: 'unreadable'; readonly seq: Seq }

export interface TimelineView {
  /** An unbroken run of the log, ascending, and after it, when it reaches the end, what this person has said since (L2). */
  readonly items: readonly TimelineItem[]
  /** False only when the run begins with the first event. */
  readonly hasOlder: boolean
  /** The run ends before the newest event that the device knows: `newer()` and `latest()` go there. */
  readonly hasNewer: boolean
  readonly loading: 'none' | 'older' | 'newer' | 'around'
  /** Why older history cannot be shown now: it is not on the device and the server cannot be asked. */
  readonly olderUnavailable: boolean
  /** What was last asked for cannot be shown now: it is not on the device and the server cannot be asked. */
  readonly jumpUnavailable: boolean
  /** What the last jump has led to, until the next: to be pointed out. A new object each time. */
  readonly target: { readonly id: EventId; readonly seq: Seq } | undefined
  /** The newest event that this device knows of; 0 when there is none. */
  readonly lastSeq: Seq
  readonly fault: LogFault | undefined
}

/**
 * One conversation as one ordered list. While it has a subscriber its document stays attached.
 * The run is bounded (about a thousand events): going back drops what is newer, and the other way round.
 */
export interface Timeline extends Observable<TimelineView> {
  /** Resolves when the older stretch is in `items`, or when it cannot be had now. */
  older(): Promise<void>
  newer(): Promise<void>
  /** Back to the newest events. */
  latest(): Promise<void>
  /**
   * Shows the run around an event, such as a hit of a search. Each of these four resolves with where it has led to;
   * undefined: there is no such event, and the newest are shown, or it cannot be had now, and the view is as it was.
   */
  show(seq: Seq): Promise<Seq | undefined>
  /** For a reply's original, which may be far away and not on this device. */
  showEvent(id: EventId): Promise<Seq | undefined>
  /** The first event at or after a moment. */
  showDate(at: Millis): Promise<Seq | undefined>
  /** The first message of others after the read position. */
  showFirstUnread(): Promise<Seq | undefined>
}
