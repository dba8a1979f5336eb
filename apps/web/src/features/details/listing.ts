import type { Api } from '@parley/client'
import type { ConversationId, rest } from '@parley/protocol'

/** The members of a channel as the server has listed them so far. */
export interface Asked {
  readonly items: readonly rest.MemberListing[]
  /** Where the list goes on; undefined: it is whole. */
  readonly next: string | undefined
}

/** The first so many pages, one after the other; undefined: the server cannot be asked now. */
export async function askPages(
  api: Pick<Api, 'membersPage'>,
  channel: ConversationId,
  count: number,
): Promise<Asked | undefined> {
  const items: rest.MemberListing[] = []
  let next: string | undefined
  for (let page = 0; page < count && (page === 0 || next !== undefined); page += 1) {
    const answer = await api.membersPage(channel, next)
    if (!answer.ok) return undefined
    items.push(...answer.value.items)
    next = answer.value.next
  }
  return { items, next }
}
