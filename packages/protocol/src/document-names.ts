import { type ConversationId, conversationId, type UserId, userId } from './ids.ts'

export type DocumentName =
  | { readonly kind: 'account'; readonly user: UserId }
  | { readonly kind: 'conversation'; readonly conversation: ConversationId }

export const accountDocument = (user: UserId): string => `account/${user}`
export const conversationDocument = (conversation: ConversationId): string => `conversation/${conversation}`

/** What a document name means; undefined for any other text. */
export function parseDocumentName(name: string): DocumentName | undefined {
  const slash = name.indexOf('/')
  const id = name.slice(slash + 1)
  switch (name.slice(0, slash)) {
    case 'account': {
      const user = userId.safeParse(id)
      return user.success ? { kind: 'account', user: user.data } : undefined
    }
    case 'conversation': {
      const conversation = conversationId.safeParse(id)
      return conversation.success ? { kind: 'conversation', conversation: conversation.data } : undefined
    }
    default:
      return undefined
  }
}
