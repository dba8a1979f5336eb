import type { Account, ConversationView, Profile } from '@parley/client'
import type { Event, UserId } from '@parley/protocol'
import type { Language } from '../../i18n/language.tsx'
import { titleOf } from '../inbox/titles.ts'
import { readableEvents, readableHead } from './readable.ts'

/** Events that are read at once. */
const AT_ONCE = 1000

/** What this device holds of a conversation as a Markdown file, read a part at a time. Rejects where the disk cannot be read. */
export async function makeReadable(
  account: Account,
  view: ConversationView,
  { t, formats }: Language,
): Promise<Blob> {
  const names = new Map<UserId, string>()
  const options = {
    t,
    formats,
    now: Date.now(),
    nameOf: (user: UserId) => names.get(user) ?? t('common.someone'),
  }
  const parts: string[] = []
  let last: Event | undefined
  let held = 0
  for (;;) {
    const events = await account.heldEvents(view.id, last?.seq ?? 0, AT_ONCE)
    if (events.length === 0) break
    for (const user of peopleOf(events))
      if (!names.has(user)) names.set(user, nameNow(account, user) ?? t('common.someone'))
    parts.push(readableEvents(events, last, options))
    held += events.length
    last = events.at(-1)
  }
  const head = readableHead(titleOf(view, t), view, held >= view.lastSeq, options)
  return new Blob([head, ...parts], { type: 'text/markdown;charset=utf-8' })
}

const peopleOf = (events: readonly Event[]): ReadonlySet<UserId> =>
  new Set(events.flatMap((event) => (event.type === 'member' ? [event.author, event.user] : [event.author])))

const nameNow = (account: Account, user: UserId): Profile['name'] | undefined =>
  account.profile(user).get()?.name
