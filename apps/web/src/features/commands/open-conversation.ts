import { conversationId, type ConversationId } from '@parley/protocol'
import { useLocation } from 'wouter'

export const conversationIn = (path: string): ConversationId | undefined =>
  path.startsWith('/c/') ? conversationId.safeParse(path.split('/')[2]).data : undefined

/** The conversation on the screen. */
export function useOpenConversation(): ConversationId | undefined {
  const [path] = useLocation()
  return conversationIn(path)
}
