import {
  type ConversationId,
  derivedEventId,
  EMPTY_TIP,
  type Event,
  type EventId,
  type Governed,
  type Kind,
  type Member,
  type MetaPayload,
  type Seq,
  type Tip,
  type UserId,
} from '@parley/protocol'

/**
 * What a log has made of its conversation while it is read from a file: the fold of the protocol
 * (foldConversation), but changed in place, because a channel's members may be a hundred thousand
 * and a copy of them for each that comes would take hours. Of all that is said only the ids stay
 * in memory, about a hundred bytes an event.
 */
export interface LogState extends Governed {
  readonly id: ConversationId
  tip: Tip
  kind: Kind
  title: string
  topic: string
  avatar: string
  archived: boolean
  posting: NonNullable<MetaPayload['posting']>
  inviting: NonNullable<MetaPayload['inviting']>
  readonly members: Map<UserId, Member>
  owners: number
  /** Of every event so far, whether it is a message. */
  readonly events: Map<EventId, boolean>
  /** The last thing each member said: so far they must have read. */
  readonly spoke: Map<UserId, Seq>
  /** Whether all so far came of the command that created the conversation. */
  isFounding: boolean
  previous: Event | undefined
}

export const emptyLogState = (id: ConversationId, kind: Kind): LogState => ({
  id,
  tip: EMPTY_TIP,
  kind,
  title: '',
  topic: '',
  avatar: '',
  archived: false,
  posting: 'members',
  inviting: 'admins',
  members: new Map(),
  owners: 0,
  events: new Map(),
  spoke: new Map(),
  isFounding: true,
  previous: undefined,
})

/** The events of one command carry ids that are derived from the first one's. */
export function isFoundingEvent({ isFounding, tip, events }: LogState, event: Event): boolean {
  const [first] = events.keys()
  return isFounding && first !== undefined && event.id === derivedEventId(first, tip.seq)
}

/** Takes the next event of the log into the state. */
export function advance(state: LogState, event: Event): void {
  const { seq, hash, at, id, author } = event
  state.isFounding &&= seq === 1 || isFoundingEvent(state, event)
  if (event.type === 'member') {
    const before = state.members.get(event.user)
    state.owners += Number(event.role === 'owner') - Number(before?.role === 'owner')
    if (event.role === null) state.members.delete(event.user)
    else state.members.set(event.user, { role: event.role, since: before?.since ?? seq })
  } else if (event.type === 'meta') {
    const { kind, title, topic, avatar, archived, posting, inviting } = event
    state.kind = kind ?? state.kind
    state.title = title ?? state.title
    state.topic = topic ?? state.topic
    state.avatar = avatar ?? state.avatar
    state.archived = archived ?? state.archived
    state.posting = posting ?? state.posting
    state.inviting = inviting ?? state.inviting
  }
  state.tip = { seq, hash, at }
  state.events.set(id, event.type === 'message')
  state.spoke.set(author, seq)
  state.previous = event
}
