import {
  canonicalJson,
  type Command,
  type ConversationId,
  type Event,
  type EventId,
  payloadOf,
  type Seq,
  type UserId,
} from '@parley/protocol'
import { heldCount } from '../archive/ranges.ts'
import type { Range } from '../store/store.ts'

/**
 * The newest event up to `end` that the device and the server have alike, of those the device holds; 0: none.
 * Each hash stands for all before it, so halving finds it. Undefined: `agrees` could not say.
 */
export async function newestAgreed(
  ranges: readonly Range[],
  end: Seq,
  agrees: (seq: Seq) => Promise<boolean | undefined>,
): Promise<Seq | undefined> {
  const held = ranges
    .map(({ from, to }) => ({ from, to: Math.min(to, end) }))
    .filter(({ from, to }) => from <= to)
  let agreed = 0
  let unknown = heldCount(held)
  // The newest first: most often there is nothing to search for.
  for (let probe = unknown; unknown > agreed; probe = Math.ceil((agreed + unknown) / 2)) {
    const answer = await agrees(nth(held, probe))
    if (answer === undefined) return undefined
    if (answer) agreed = probe
    else unknown = probe - 1
  }
  return agreed === 0 ? 0 : nth(held, agreed)
}

/** The number of the `n`th event that is held, counted from 1. */
function nth(held: readonly Range[], n: number): Seq {
  for (const { from, to } of held) {
    if (n <= to - from + 1) return from + n - 1
    n -= to - from + 1
  }
  throw new RangeError('fewer are held')
}

/**
 * Whether two events of one id, of logs that have parted, say the same. What was said again may refer to less: a
 * reply has lost what it refers to, a change is already so in part.
 */
export function saysTheSame(mine: Event, theirs: Event): boolean {
  if (mine.author !== theirs.author || mine.type !== theirs.type) return false
  const before = Object.entries(payloadOf(mine))
  const now = new Map(Object.entries(payloadOf(theirs)))
  for (const [key, value] of before) {
    if (!now.has(key) && (key === 'replyTo' || mine.type === 'meta')) continue
    if (!now.has(key) || canonicalJson({ value }) !== canonicalJson({ value: now.get(key) as unknown }))
      return false
    now.delete(key)
  }
  return now.size === 0
}

/**
 * Whether an event in the server's log, under the id of one that the device has, tells that the log was written
 * anew: it says something else, or has other hashes for the same moment. What was said again was received later.
 */
export const isRewritten = (mine: Event, theirs: Event): boolean =>
  mine.hash !== theirs.hash && (mine.at === theirs.at || !saysTheSame(mine, theirs))

export interface SendAgainFacts {
  readonly me: UserId
  readonly conversation: ConversationId
  /** Whether the server has this event, as far as the device knows. */
  readonly isThere: (id: EventId) => boolean
}

/**
 * The commands, in the order of the log, by which this person says again what the server has lost. Each has the id
 * it had before, so that it is said once, whoever offers it and however often (C1). What refers to something that
 * is not there either waits until its author has sent it again; a reply goes without.
 */
export function toSendAgain(
  lost: readonly Event[],
  { me, conversation, isThere }: SendAgainFacts,
): Command[] {
  const comes = new Set<EventId>()
  const commands: Command[] = []
  for (const event of lost) {
    if (event.author !== me || comes.has(event.id) || isThere(event.id)) continue
    const command = commandOf(event, conversation, (id) => comes.has(id) || isThere(id))
    if (command === undefined) continue
    comes.add(event.id)
    commands.push(command)
  }
  return commands
}

function commandOf(
  event: Event,
  conversation: ConversationId,
  isThere: (id: EventId) => boolean,
): Command | undefined {
  const { id } = event
  switch (event.type) {
    case 'message': {
      const { text, writtenAt, replyTo, mentions, attachments } = event
      return {
        type: 'message.send',
        id,
        createdAt: writtenAt,
        conversation,
        text,
        ...(replyTo !== undefined && isThere(replyTo) && { replyTo }),
        ...(mentions !== undefined && { mentions }),
        ...(attachments !== undefined && { attachments: attachments.map((each) => each.id) }),
      }
    }
    case 'reaction': {
      const { to, emoji, on, at } = event
      return isThere(to)
        ? { type: 'reaction.set', id, createdAt: at, conversation, to, emoji, on }
        : undefined
    }
    case 'meta': {
      const { at, author: _author, seq: _seq, hash: _hash, type: _type, kind, ...changes } = event
      // The first event of a conversation; without it there is nothing to send anything to.
      if (kind !== undefined) return undefined
      return { ...changes, type: 'conversation.update', createdAt: at, conversation }
    }
    case 'member': {
      const { user, role, cause, at } = event
      const base = { id, createdAt: at, conversation, user }
      if (cause === 'added' && role !== null) return { ...base, type: 'member.add', role }
      if (cause === 'removed') return { ...base, type: 'member.remove' }
      if (cause === 'role' && role !== null) return { ...base, type: 'member.role', role }
      // Coming, going and handing over are not repeated: who is in it now decides anew.
      return undefined
    }
  }
}
