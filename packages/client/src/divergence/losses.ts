import { conversationId, type ConversationId, event, type Event, millis, type Millis } from '@parley/protocol'
import { z } from 'zod'
import { type Observable, source } from '../observable.ts'
import type { Saving } from '../store/saving.ts'
import type { Store } from '../store/store.ts'

/** What this device has of a conversation and the server's log does not have any more. */
export const loss = z.object({
  conversation: conversationId,
  /** When it was last found that something is missing. */
  noticedAt: millis,
  /** Missing there. What is said again leaves this list. */
  missing: z.array(event).readonly(),
  /** As this device received them; the server shows something else in their place. */
  altered: z.array(event).readonly(),
  /** The person knows. */
  isDismissed: z.boolean(),
})
export type Loss = z.infer<typeof loss>

/** Words that only this device has: kept until the server has them again. */
export interface Losses {
  readonly all: Observable<readonly Loss[]>
  /** False: the disk refused. */
  add(id: ConversationId, found: Pick<Loss, 'missing' | 'altered'>, now: Millis): Promise<boolean>
  /** These are in the server's log. */
  saw(id: ConversationId, events: readonly Event[]): void
  dismiss(id: ConversationId): Promise<boolean>
  /** Another tab has written it. */
  reload(id: ConversationId): Promise<void>
  reloadAll(): Promise<void>
  onWritten(listener: (id: ConversationId) => void): () => void
}

/** The conversations of which something is kept. */
const INDEX = 'losses'
const recordOf = (id: ConversationId): string => `losses/${id}`
const ids = z.array(conversationId).catch([])

export async function openLosses(store: Store, saving: Saving): Promise<Losses> {
  const known = new Map<ConversationId, Loss>()
  const all = source<readonly Loss[]>([])
  const listeners = new Set<(id: ConversationId) => void>()
  const show = () => all.set([...known.values()])

  const read = async (id: ConversationId): Promise<void> => {
    const { success, data } = loss.safeParse(await store.record(recordOf(id)))
    if (success) known.set(id, data)
    else known.delete(id)
  }
  const load = async (): Promise<void> => {
    known.clear()
    for (const id of ids.parse(await store.record(INDEX))) await read(id)
    show()
  }
  await saving.run(load)

  const put = async (next: Loss): Promise<boolean> => {
    const { conversation: id } = next
    const isNothing = next.missing.length === 0 && next.altered.length === 0
    const fault = await saving.run(async () => {
      // In this order: what is in the index without a record is nothing, a record without the index is not found.
      await store.putRecord(INDEX, [...new Set([...known.keys(), id])])
      await store.putRecord(recordOf(id), isNothing ? undefined : next)
    })
    if (fault !== undefined) return false
    if (isNothing) known.delete(id)
    else known.set(id, next)
    show()
    for (const listener of [...listeners]) listener(id)
    return true
  }
  /** One change after the other: each builds on the one before. */
  let last: Promise<unknown> = Promise.resolve()
  const change = (
    id: ConversationId,
    of: (before: Loss | undefined) => Loss | undefined,
  ): Promise<boolean> => {
    const mine = last.then(async () => {
      const changed = of(known.get(id))
      return changed === undefined || (await put(changed))
    })
    last = mine
    return mine
  }

  return {
    all,
    add: (id, found, now) =>
      change(id, (before) =>
        found.missing.length === 0 && found.altered.length === 0
          ? undefined
          : {
              conversation: id,
              noticedAt: now,
              missing: joined(before?.missing ?? [], found.missing),
              altered: joined(before?.altered ?? [], found.altered),
              isDismissed: false,
            },
      ),
    saw: (id, events) => {
      if (!known.has(id)) return
      const seen = new Set(events.map((each) => each.id))
      void change(id, (before) => {
        const missing = before?.missing.filter((each) => !seen.has(each.id))
        return missing === undefined || missing.length === before?.missing.length
          ? undefined
          : before && { ...before, missing }
      })
    },
    dismiss: (id) => change(id, (before) => before && { ...before, isDismissed: true }),
    reload: async (id) => {
      await saving.run(() => read(id))
      show()
    },
    reloadAll: async () => {
      await saving.run(load)
    },
    onWritten: (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}

/** Each event once, in the order in which they were received. */
export function joined(before: readonly Event[], added: readonly Event[]): Event[] {
  const byId = new Map([...before, ...added].map((each) => [each.id, each]))
  return [...byId.values()].sort((a, b) => a.at - b.at || a.seq - b.seq)
}
