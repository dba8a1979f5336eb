import { type ConversationId, type Event, rest, type UserId } from '@parley/protocol'
import type { z } from 'zod'
import type { TestAccount } from '../../kit/accounts.ts'

/** What the server says to one person. */
export interface ServerSide {
  readonly person: UserId
  readonly conversations: readonly rest.ConversationSummary[]
  readonly logs: ReadonlyMap<ConversationId, readonly Event[]>
}

export async function readServer(url: string, { id, token }: TestAccount): Promise<ServerSide> {
  const ask = async <S extends z.ZodType>(path: string, schema: S): Promise<z.infer<S> | undefined> => {
    const answer = await fetch(`${url}/api${path}`, { headers: { authorization: `Bearer ${token}` } })
    // Removed between the two questions.
    if (answer.status === 403) return undefined
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`)
    return schema.parse(await answer.json())
  }
  const { conversations = [] } = (await ask('/conversations', rest.conversationList)) ?? {}
  const logs = await Promise.all(
    conversations.map(async (each): Promise<[ConversationId, readonly Event[]]> => {
      const page = await ask(`/conversations/${each.id}/events?after=0&limit=1000`, rest.eventPage)
      return [each.id, page?.events ?? []]
    }),
  )
  return { person: id, conversations, logs: new Map(logs) }
}
