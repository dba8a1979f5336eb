import type { Command, UserId } from '@parley/protocol'
import { requestOf } from '../kit/command-request.ts'
import type { Verdict } from '../kit/doors.ts'
import { intend } from './intend.ts'
import type { Door } from './steps.ts'
import type { World } from './world.ts'

/** A command on its way through a door, and what was answered; undefined where that cannot be told. */
export interface Attempt {
  readonly author: UserId
  readonly door: Door
  readonly command: Command
  readonly verdict: Verdict | undefined
  /** Others acted at the same time, or may have acted since it was done first. */
  readonly isOvertaken: boolean
}

export type Fate = 'accepted' | 'repeated' | 'refused'

/** Does it in the model too; says what became of it there, or in what the server's answer is another. */
export function attempt(
  world: World,
  { author, door, command, verdict, isOvertaken }: Attempt,
): { fate: Fate; fault?: string } {
  const isRepeat = world.taken.has(command.id)
  // With a deleted conversation goes what was said in it, and what a repeat of it would be known by.
  const isForgotten =
    isRepeat && 'conversation' in command && world.conversations.get(command.conversation)?.isDeleted === true
  const isNamed = door === 'outbox' || requestOf(command).isKeyed
  const reasons = intend(world, author, command, isNamed)
  const fate = reasons.size > 0 ? 'refused' : isNamed && isRepeat ? 'repeated' : 'accepted'
  if (verdict === undefined || isForgotten) return { fate }
  const isRight = verdict.accepted
    ? reasons.size === 0
    : (reasons as ReadonlySet<string>).has(verdict.code) ||
      (reasons.size === 0 &&
        (isRepeat || isOvertaken) &&
        door === 'rest' &&
        isUnshowable(command, verdict.code))
  if (isRight) return { fate }
  const should = reasons.size === 0 ? 'be accepted' : `be refused as ${[...reasons].join(' or ')}`
  const was = verdict.accepted ? 'was accepted' : `was refused as ${verdict.code} (${verdict.message})`
  return { fate, fault: `${command.type} ${command.id} should ${should} and ${was}` }
}

/** REST answers with what the command made; who cannot be shown that any more is told so, whatever the command did. */
function isUnshowable({ type }: Command, code: string): boolean {
  const shows = [
    'conversation.create',
    'conversation.update',
    'member.add',
    'member.role',
    'friend.request',
    'friend.answer',
  ]
  return shows.includes(type) && (code === 'conflict' || code === 'forbidden')
}
