import type { Command, Conversation, Member, Role, UserId } from '@parley/protocol'
import { type FatedCommand, isWaiting } from '../outbox/fate.ts'

const FIELDS = ['title', 'topic', 'avatar', 'archived', 'posting', 'inviting'] as const

/** What of a conversation this person's own commands change before the server has said anything. */
export interface Changeable {
  readonly title: string
  readonly topic: string
  readonly avatar: string
  readonly archived: boolean
  readonly posting: Conversation['posting']
  readonly inviting: Conversation['inviting']
  readonly members: ReadonlyMap<UserId, Member>
  readonly memberCount: number
}

export interface Intended extends Changeable {
  /** What is as this person wants it, and waits for the server. */
  readonly changing: ReadonlySet<(typeof FIELDS)[number]>
  /** Whose membership is as this person wants it, and waits for the server. */
  readonly changingMembers: ReadonlyMap<UserId, 'adding' | 'removing' | 'role'>
  /** What this person does with their own membership, or with the whole. */
  readonly going: 'leaving' | 'deleting' | 'joining' | undefined
}

/** The server will say when it was; until then they stand behind those of whom it is known. */
const LAST = Number.MAX_SAFE_INTEGER

/**
 * A conversation as it is going to be when the server takes what this person has intended since: a new name shows
 * at once, also without a network (C5). Refused commands count for nothing, so that what they changed is as it was.
 * Those that the server has taken count until their event is here, and no longer wait.
 */
export function intended(before: Changeable, commands: readonly FatedCommand[], me: UserId): Intended {
  const members = new Map(before.members)
  const next: Writable<Intended> = {
    ...before,
    members,
    changing: NOTHING,
    changingMembers: NOBODY,
    going: undefined,
  }
  const changing = new Set<(typeof FIELDS)[number]>()
  const changingMembers = new Map<UserId, 'adding' | 'removing' | 'role'>()
  const mark = (user: UserId, how: 'adding' | 'removing' | 'role', waits: boolean) => {
    if (waits) changingMembers.set(user, how)
    else changingMembers.delete(user)
  }
  for (const { command, fate } of commands) {
    const waits = isWaiting(fate)
    if (command === undefined || (!waits && fate.state !== 'accepted')) continue
    switch (command.type) {
      case 'conversation.update':
        for (const field of FIELDS) {
          if (command[field] === undefined) continue
          Object.assign(next, { [field]: command[field] })
          if (waits) changing.add(field)
          else changing.delete(field)
        }
        break
      case 'member.add':
        if (members.has(command.user)) break
        members.set(command.user, { role: roleOf(command), since: LAST })
        mark(command.user, 'adding', waits)
        if (command.user === me) next.going = 'joining'
        break
      case 'member.remove':
        if (!members.delete(command.user)) break
        mark(command.user, 'removing', waits)
        if (command.user === me) next.going = 'leaving'
        break
      case 'member.role': {
        const member = members.get(command.user)
        if (member === undefined || member.role === command.role) break
        members.set(command.user, { ...member, role: command.role })
        if (changingMembers.get(command.user) !== 'adding') mark(command.user, 'role', waits)
        break
      }
      case 'conversation.delete':
        members.clear()
        next.going = 'deleting'
        break
      default:
      // What is said changes nothing of the conversation itself.
    }
  }
  next.memberCount = before.memberCount + members.size - before.members.size
  if (changing.size > 0) next.changing = changing
  if (changingMembers.size > 0) next.changingMembers = changingMembers
  return next
}

const NOTHING: Intended['changing'] = new Set()
const NOBODY: Intended['changingMembers'] = new Map()

type Writable<T> = { -readonly [K in keyof T]: T[K] }

const roleOf = (command: Extract<Command, { type: 'member.add' }>): Role => command.role ?? 'member'
