import type { Account, ConversationView, MessageItem, TimelineView } from '@parley/client'
import type { CommandId, ConversationId, Role, UserId } from '@parley/protocol'
import type { Look, Shown } from './act.ts'

/** Eyes on a device, which look at each change. */
export interface Watch {
  readonly account: Account
  messages(conversation: ConversationId): readonly MessageItem[]
  look(given: readonly CommandId[]): Promise<Look>
  end(): void
}

/** `reached` and `violations` go on over restarts. */
export function watch(account: Account, reached: Map<string, number>, violations: string[]): Watch {
  const timelines = new Map<ConversationId, () => void>()
  let looks = 0
  const violate = (what: string) => {
    if (violations.length < 20 && !violations.includes(what)) violations.push(what)
  }

  const views = (): readonly ConversationView[] => {
    const list = account.conversations.get()
    return list.state === 'loading' ? [] : list.conversations
  }
  const lookAt = ({ id, unread, mentions, readSeq, lastSeq, activeAt }: ConversationView) => {
    looks += 1
    if (unread < 0 || mentions < 0 || mentions > unread || !Number.isSafeInteger(unread))
      violate(`[R2] ${unread} unread with ${mentions} mentions in ${id}`)
    if (readSeq < (reached.get(id) ?? 0))
      violate(`[R1] ${id} was read up to ${reached.get(id)}, now ${readSeq}`)
    reached.set(id, Math.max(readSeq, reached.get(id) ?? 0))
    if (unread > Math.max(0, lastSeq - readSeq))
      violate(`[R2] ${unread} unread after ${readSeq} of ${lastSeq}`)
    if (!Number.isFinite(activeAt)) violate(`${id} was active at ${activeAt}`)
  }
  const lookThrough = (id: ConversationId, { items }: TimelineView) => {
    looks += 1
    const ids = items.map((item) => item.id)
    if (new Set(ids).size < ids.length) violate(`[C1] something stands twice in ${id}`)
    const seqs = items.map(({ place }) => (place.state === 'said' ? place.seq : Infinity))
    if (seqs.some((seq, index) => seq < (seqs[index - 1] ?? 0)))
      violate(`[L2] ${id} is out of order: ${seqs.join()}`)
  }
  const lookAround = () => {
    for (const view of views()) {
      lookAt(view)
      if (timelines.has(view.id)) continue
      const timeline = account.timeline(view.id)
      timelines.set(
        view.id,
        timeline.subscribe(() => lookThrough(view.id, timeline.get())),
      )
    }
  }
  const endings = [account.conversations.subscribe(lookAround), account.history.subscribe(lookAround)]
  lookAround()

  const show = async (view: ConversationView): Promise<Shown> => {
    const timeline = account.timeline(view.id)
    while (timeline.get().hasOlder && !timeline.get().olderUnavailable) await timeline.older()
    const members = [...view.members].map(([user, { role }]): [UserId, Role] => [user, role])
    return {
      id: view.id,
      title: view.title,
      archived: view.archived,
      readSeq: view.readSeq,
      unread: view.unread,
      mentions: view.mentions,
      members: Object.fromEntries(members.toSorted(([a], [b]) => (a < b ? -1 : 1))),
      draft: account.draft(view.id).get(),
      items: timeline
        .get()
        .items.filter(({ place }) => place.state === 'said' || place.fate.state !== 'refused')
        .map(({ id }) => id),
    }
  }

  return {
    account,
    messages: (conversation) =>
      account
        .timeline(conversation)
        .get()
        .items.filter((item) => item.kind === 'message'),
    look: async (given) => {
      lookAround()
      const commands = account.commands.get()
      const isRefused = ({ fate }: (typeof commands)[number]) => fate.state === 'refused'
      const current = views().filter(({ standing }) => standing === 'member' || standing === 'creating')
      return {
        link: account.link.get().state,
        waiting: commands.filter((each) => !isRefused(each)).length,
        refused: commands.filter(isRefused).map(({ id }) => id),
        fates: Object.fromEntries(given.map((id) => [id, account.fate(id).get()?.state ?? 'forgotten'])),
        conversations: await Promise.all(current.map(show)),
        violations,
        looks,
      }
    },
    end: () => {
      for (const end of [...endings, ...timelines.values()]) end()
    },
  }
}
