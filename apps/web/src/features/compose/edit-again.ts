import type { Account } from '@parley/client'
import type { CommandId, ConversationId, RefusalCode } from '@parley/protocol'

/** Refused for what it says: the same text again would be refused again. */
export const isForEditing = (code: RefusalCode): boolean => code === 'too_large' || code === 'invalid'

/** What was being written stays, and what comes back stands before it. */
export const joinDraft = (returned: string, draft: string): string =>
  draft.trim() === '' ? returned : `${returned}\n\n${draft}`

/** Puts a refused text back into the composer and forgets the refused message: changed words are a new message. */
export function editAgain(account: Account, conversation: ConversationId, id: CommandId, text: string): void {
  account.setDraft(conversation, joinDraft(text, account.draft(conversation).get()))
  void account.discard(id)
}
