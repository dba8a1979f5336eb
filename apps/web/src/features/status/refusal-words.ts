import type { Command, RefusalCode } from '@parley/protocol'
import type { PlainKey, Translate } from '../../i18n/translate.ts'

/** Why, in words; the server's own sentence where ours would say less. */
export function refusalWords(code: RefusalCode, message: string, t: Translate, hasFiles: boolean): string {
  if (code === 'too_large' && hasFiles) return `${t('refusal.files')} (${message})`
  const key: PlainKey = `refusal.${code}`
  const words = t(key)
  return code === 'invalid' && message !== '' ? `${words} (${message})` : words
}

/**
 * What somebody tried to do, so that they recognise it; `where` is the conversation's title, or whom it is about. What
 * they wrote stands beside it.
 */
export function commandWords(command: Command, where: string, t: Translate): string {
  switch (command.type) {
    case 'message.send':
      return t('refused.message.send', { where })
    case 'conversation.create':
      return t('refused.conversation.create', { title: command.title ?? '' })
    case 'reaction.set':
    case 'conversation.update':
    case 'conversation.delete':
    case 'member.add':
    case 'member.remove':
    case 'member.role':
      return t(`refused.${command.type}`, { where })
    case 'friend.request':
    case 'friend.answer':
    case 'friend.remove':
    case 'user.block':
    case 'user.unblock':
      return t(`person.refused.${command.type}`, { name: where })
  }
}

/** What they wrote, or how many files it was. */
export function writtenWords(command: Command, t: Translate): string | undefined {
  if (command.type !== 'message.send') return undefined
  return command.text === '' && command.attachments !== undefined
    ? t('message.attachments', { count: command.attachments.length })
    : command.text
}
