import type { Command, Conversation, Member, UserId } from '@parley/protocol'
import type { FatedCommand } from './fate.ts'

/** What of a conversation its members can change. */
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

/**
 * A conversation as it is going to be when the server takes what this person has intended since: a new name shows
 * at once, also without a network (C5). What was refused shows as if it had never been meant. Leaving and
 * deleting do not show here: until the server knows of it, one is a member and hears all that is said.
 */
export function intended<T extends Changeable>(base: T, commands: readonly FatedCommand[], me: UserId): T {
  return commands.reduce(
    (now, { command, fate }) =>
      command === undefined || fate.state === 'refused' || fate.state === 'discarded'
        ? now
        : apply(now, command, me),
    base,
  )
}

function apply<T extends Changeable>(now: T, command: Command, me: UserId): T {
  switch (command.type) {
    case 'conversation.update': {
      const { id: _, type: __, createdAt: ___, conversation: ____, ...changes } = command
      return { ...now, ...changes }
    }
    case 'member.add': {
      if (now.members.has(command.user)) return now
      const members = new Map(now.members).set(command.user, { role: command.role ?? 'member', since: 0 })
      return { ...now, members, memberCount: now.memberCount + 1 }
    }
    case 'member.remove': {
      if (command.user === me || !now.members.has(command.user)) return now
      const members = new Map(now.members)
      members.delete(command.user)
      return { ...now, members, memberCount: now.memberCount - 1 }
    }
    case 'member.role': {
      const member = now.members.get(command.user)
      if (member === undefined) return now
      return { ...now, members: new Map(now.members).set(command.user, { ...member, role: command.role }) }
    }
    default:
      return now
  }
}
