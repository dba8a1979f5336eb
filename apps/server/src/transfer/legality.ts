import {
  type Action,
  derivedEventId,
  directConversationId,
  type Event,
  type EventId,
  heir,
  isDerivedId,
  type MemberEvent,
  type MessageEvent,
  unreachable,
  whyNot,
} from '@parley/protocol'
import { isFoundingEvent, type LogState } from './log-state.ts'

/**
 * Why no server would have appended `event` to what `state` was made of; undefined when one might
 * have. What stood outside of the log at that time is taken to have been right: friendships, blocks,
 * limits. The rights are those of the protocol's one table; should that ever become stricter,
 * logs from before have to stay legal here.
 */
export function whyIllegal(state: LogState, event: Event): string | undefined {
  if (state.events.has(event.id)) return 'an earlier event has the same id'
  if (event.seq === 1) return whyNoBeginning(state, event)
  if (event.type === 'meta' && event.kind !== undefined) return 'the kind of a conversation never changes'
  if (isFoundingEvent(state, event)) return whyNoFounding(state, event)
  if (state.kind === 'direct' && state.members.size !== 2)
    return 'a direct conversation is between two people'
  if (state.owners === 0) return whyNoHandover(state, event)
  switch (event.type) {
    case 'message':
      return whyNoMessage(state, event)
    case 'reaction':
      return denied(state, event, { do: 'react' }) ?? whyNoReference(state, event.to, 'reacts')
    case 'meta':
      return denied(state, event, { do: 'update' })
    case 'member':
      return whyNoMembership(state, event)
    default:
      return unreachable(event)
  }
}

/** Why a log cannot end here; undefined when it can. */
export function whyUnfinished(state: LogState): string | undefined {
  if (state.owners === 0) return 'the conversation is left without an owner'
  return state.kind === 'direct' && state.members.size !== 2
    ? 'a direct conversation is between two people'
    : undefined
}

function whyNoBeginning(state: LogState, event: Event): string | undefined {
  if (event.type !== 'meta' || event.kind === undefined)
    return 'a log begins with the kind of its conversation'
  if ((event.kind === 'direct') !== isDerivedId(state.id))
    return 'the id of a direct conversation, and of no other, is derived from its people'
  return undefined
}

function whyNoFounding(state: LogState, event: Event): string | undefined {
  const { previous, id, kind, members } = state
  if (event.type !== 'member' || event.author !== previous?.author)
    return 'a conversation is created together with its members, by one person'
  const isFounder = event.seq === 2
  const expected = isFounder ? 'owner created' : 'member added'
  if (`${event.role} ${event.cause}` !== expected || (event.user === event.author) !== isFounder)
    return 'a conversation is created with its creator as owner, and then its first members'
  if (members.has(event.user)) return 'this person is a member already'
  if (kind === 'direct' && !isFounder && directConversationId(event.author, event.user) !== id)
    return 'the id of a direct conversation is derived from its people'
  return undefined
}

/** The last owner has left, or was not there yet: nothing can happen before somebody has taken over. */
function whyNoHandover(state: LogState, event: Event): string | undefined {
  const { previous, members } = state
  const next =
    previous?.type === 'member' && previous.role === null && members.size > 0
      ? heir(members, previous.user)
      : undefined
  const isIt =
    next !== undefined &&
    event.type === 'member' &&
    event.cause === 'handover' &&
    event.role === 'owner' &&
    event.user === next &&
    event.author === previous?.author &&
    event.id === derivedEventId(previous.id, 1)
  return isIt
    ? undefined
    : 'the conversation has no owner, and this does not hand it over to the next in line'
}

function whyNoMessage(state: LogState, event: MessageEvent): string | undefined {
  const { replyTo, mentions = [] } = event
  if (mentions.some((mention) => mention !== 'everyone' && !state.members.has(mention)))
    return 'it mentions somebody who is not a member'
  return (
    denied(state, event, { do: 'send' }) ??
    (mentions.includes('everyone') ? denied(state, event, { do: 'mention-everyone' }) : undefined) ??
    (replyTo === undefined ? undefined : whyNoReference(state, replyTo, 'replies'))
  )
}

function whyNoMembership(state: LogState, event: MemberEvent): string | undefined {
  const { user, author, role, cause } = event
  const isMember = state.members.has(user)
  const isOwn = user === author
  if ((role === null) !== (cause === 'left' || cause === 'removed'))
    return 'its role and its cause do not fit'
  switch (cause) {
    case 'joined':
      if (isMember || !isOwn || role !== 'member') return 'this is no joining'
      return denied(state, event, { do: 'join' })
    case 'added':
      if (isMember || isOwn || role === null) return 'this adds nobody'
      return denied(state, event, { do: 'add-member', user, role })
    case 'left':
      return isOwn ? denied(state, event, { do: 'leave' }) : 'only oneself can leave'
    case 'removed':
      if (!isMember || isOwn) return 'this removes nobody'
      return denied(state, event, { do: 'remove-member', user })
    case 'role':
      if (role === null) return 'its role and its cause do not fit'
      return denied(state, event, { do: 'change-role', user, role })
    case 'created':
    case 'handover':
      return 'this happens only together with the event before it'
    default:
      return unreachable(cause)
  }
}

const whyNoReference = (state: LogState, to: EventId, does: string): string | undefined =>
  state.events.get(to) === true ? undefined : `it ${does} to no earlier message of the conversation`

function denied(state: LogState, { author }: Event, action: Action): string | undefined {
  const code = whyNot(author, action, state)
  return code === undefined ? undefined : `its author may not do this at this place (${code})`
}
