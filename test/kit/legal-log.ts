import {
  type Conversation,
  type ConversationCommand,
  type ConversationId,
  derivedEventId,
  directConversationId,
  type Event,
  type EventId,
  DEFAULT_LIMITS,
  EMPTY_CONVERSATION,
  foldConversation,
  type Kind,
  type Role,
  seal,
  type UserId,
} from '@parley/protocol'
import { decide } from '../../apps/server/src/commands/decide.ts'
import { type Facts, NO_FACTS } from '../../apps/server/src/commands/facts.ts'
import { nodeSha256, TEXTS, uuidOf } from './logs.ts'
import { type Random, random } from './random.ts'

export interface LegalLog {
  readonly id: ConversationId
  readonly people: readonly UserId[]
  readonly events: readonly Event[]
}

const ROLES: readonly Role[] = ['owner', 'admin', 'member']

/**
 * A log that the server itself has decided, by its own rules, on what people at random tried: what is
 * refused leaves no trace. The same arguments give the same log, of at least `length` events.
 */
export function makeLegalLog(seed: number, length: number, kind: Kind): LegalLog {
  const rng = random(seed)
  const people = Array.from({ length: kind === 'direct' ? 2 : 7 }, () => uuidOf<UserId>(rng))
  const [founder, second] = people as [UserId, UserId]
  const id = kind === 'direct' ? directConversationId(founder, second) : uuidOf<ConversationId>(rng)
  const messages = new Map<EventId, UserId>()
  const everybody = new Set(people)
  const facts: Facts = { ...NO_FACTS, users: everybody, friends: everybody, events: messages }
  const events: Event[] = []
  let conversation: Conversation | undefined
  let now = 1_760_000_000_000

  const run = (author: UserId, command: ConversationCommand): void => {
    now += rng.below(3) * rng.below(60_000)
    const decision = decide(command, {
      author,
      conversation,
      isDeleted: false,
      facts,
      limits: DEFAULT_LIMITS,
    })
    // The last one never leaves: that would be the end of the conversation and of its log.
    if ('refusal' in decision || decision.deletes === true) return
    const start = conversation ?? EMPTY_CONVERSATION
    const sealed = seal(start.tip, decision.drafts, now, nodeSha256)
    conversation = foldConversation(sealed, start)
    events.push(...sealed)
    for (const event of sealed) if (event.type === 'message') messages.set(event.id, event.author)
  }

  const base = () => ({ id: uuidOf<EventId>(rng), createdAt: now, conversation: id })
  run(founder, {
    ...base(),
    type: 'conversation.create',
    kind,
    title: 'Title',
    members: kind === 'channel' ? [] : [second],
  })
  while (events.length < length) run(rng.pick(people), attempt(rng, base(), people, [...messages.keys()]))
  return { id, people, events }
}

function attempt(
  rng: Random,
  base: { id: EventId; createdAt: number; conversation: ConversationId },
  people: readonly UserId[],
  said: readonly EventId[],
): ConversationCommand {
  const user = rng.pick(people)
  const choice = rng.below(100)
  if (choice < 50) {
    const mentions = rng.chance(0.2) ? [rng.chance(0.3) ? ('everyone' as const) : user] : []
    const text = `${rng.pick(TEXTS)} ${rng.below(100)}`
    const replyTo = rng.chance(0.2) && said.length > 0 ? { replyTo: rng.pick(said) } : {}
    return { ...base, type: 'message.send', text, mentions, ...replyTo }
  }
  if (choice < 60 && said.length > 0)
    return { ...base, type: 'reaction.set', to: rng.pick(said), emoji: '👍', on: rng.chance(0.7) }
  if (choice < 75) return { ...base, type: 'member.add', user, role: rng.pick(ROLES) }
  if (choice < 82) return { ...base, type: 'member.add', user }
  if (choice < 88) return { ...base, type: 'member.remove', user }
  if (choice < 94) return { ...base, type: 'member.role', user, role: rng.pick(ROLES) }
  return {
    ...base,
    type: 'conversation.update',
    title: `Title ${rng.below(100)} 🏷️`,
    archived: rng.chance(0.1),
    posting: rng.pick(['members', 'admins'] as const),
    inviting: rng.pick(['members', 'admins'] as const),
  }
}

/** An id that the log's own command would have derived, for events that are forged. */
export const foundingId = (events: readonly Event[], n: number): EventId =>
  derivedEventId((events[0] as Event).id, n)
