import { type Command, type CommandId, isConversationCommand, type UserId } from '@parley/protocol'
import { converse } from './conversations.ts'
import { relate } from './people.ts'
import type { Reasons } from './place.ts'
import type { World } from './world.ts'

/**
 * What becomes of a command: nothing speaks against it and the world has changed, or it has not and
 * these are the reasons. `isNamed`: the command goes under its id, and the same id again is the same
 * command [C1].
 */
export function intend(world: World, author: UserId, command: Command, isNamed: boolean): Reasons {
  const id: CommandId | undefined = isNamed ? command.id : undefined
  const taker = id === undefined ? undefined : world.taken.get(id)
  if (taker !== undefined) return new Set(taker === author ? [] : ['conflict' as const])
  const reasons = isConversationCommand(command)
    ? converse(world, author, command, id)
    : relate(world, author, command, id)
  if (reasons.size === 0 && id !== undefined) world.taken.set(id, author)
  return reasons
}
