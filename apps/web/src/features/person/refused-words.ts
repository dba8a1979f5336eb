import type { FatedCommand, FriendsView } from '@parley/client'
import {
  type Command,
  type FriendCommand,
  isConversationCommand,
  type RefusalCode,
  type UserId,
} from '@parley/protocol'
import type { Translate } from '../../i18n/translate.ts'
import { refusalWords } from '../status/refusal-words.ts'

export interface RefusedOfPeople extends FatedCommand {
  readonly command: FriendCommand
}

export const isFriendCommand = (command: Command | undefined): command is FriendCommand =>
  command !== undefined && !isConversationCommand(command)

/** Whom a command is about; undefined: an answer to a request that is not known any more. */
export const aboutWhom = (command: FriendCommand, { incoming }: FriendsView): UserId | undefined =>
  command.type === 'friend.answer'
    ? incoming.find(({ request }) => request === command.request)?.id
    : command.user

/** Why the server said no to what was done about somebody. */
export function whyRefused(command: Command, code: RefusalCode, message: string, t: Translate): string {
  if (code === 'conflict' && command.type === 'friend.request') return t('person.refused.declined')
  if (command.type === 'friend.answer') return t('person.refused.withdrawn')
  return refusalWords(code, message, t, false)
}
