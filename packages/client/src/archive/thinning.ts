import { conversationId, type ConversationId, type Seq, seq } from '@parley/protocol'
import { z } from 'zod'
import type { Archive } from './archive.ts'
import type { Source } from '../observable.ts'
import { heldCount } from './ranges.ts'
import type { Saving } from '../store/saving.ts'
import type { Range, Store } from '../store/store.ts'

/** Of each conversation so many of the newest events stay, however large it is. */
const KEPT = 1024
const PAGE = 128

/**
 * Which events leave the device so that about half are left: the oldest of the largest conversations, which all give
 * down to the same number. Answers where each of those begins from then on, at the beginning of a page.
 */
export function thinned(
  held: ReadonlyMap<ConversationId, readonly Range[]>,
): ReadonlyMap<ConversationId, Seq> {
  const counts = [...held.values()].map(heldCount)
  const total = counts.reduce((sum, count) => sum + count, 0)
  const given = (most: number) => counts.reduce((sum, count) => sum + Math.max(0, count - most), 0)
  let most = KEPT
  // The largest number that all can keep for half of everything to go.
  for (let step = 2 ** 40; step >= 1; step /= 2) if (given(most + step) * 2 >= total) most += step
  return new Map(
    [...held].flatMap(([id, ranges]) => {
      const first = nthFromEnd(ranges, most)
      // A whole page is what the disk frees.
      const begin = first === undefined ? 1 : Math.floor((first - 1) / PAGE) * PAGE + 1
      return begin > (ranges[0]?.from ?? begin) ? [[id, begin] as const] : []
    }),
  )
}

/** The number of the event with which the newest `count` begin; undefined: there are no more than that. */
function nthFromEnd(ranges: readonly Range[], count: number): Seq | undefined {
  let left = count
  for (const { from, to } of ranges.toReversed()) {
    const size = to - from + 1
    if (size > left) return to - left + 1
    left -= size
  }
  return undefined
}

/** How many events would leave. */
export const countThinned = (held: ReadonlyMap<ConversationId, readonly Range[]>): number =>
  [...thinned(held)].reduce(
    (sum, [id, begin]) =>
      sum +
      (held.get(id) ?? []).reduce(
        (all, { from, to }) => all + Math.max(0, Math.min(to + 1, begin) - from),
        0,
      ),
    0,
  )

const RECORD = 'begins'
const begins = z.array(z.tuple([conversationId, seq]))

export interface Thinning {
  /** Before this nothing is fetched but what somebody looks at: the person has had it removed. */
  begin(id: ConversationId): Seq
  /** Removes the older half. False: the disk refused. */
  thin(): Promise<boolean>
  /** All may come back. */
  restore(): Promise<boolean>
}

export interface ThinningOptions {
  readonly archive: Archive
  readonly store: Store
  readonly saving: Saving
  /** Whether anything was removed, and stays away. */
  readonly isThinned: Pick<Source<boolean>, 'set'>
  /** More may be fetched than before. */
  readonly wake: () => void
}

/** History makes room for what this person writes, when they say so; the server keeps it all. */
export function openThinning({ archive, store, saving, isThinned, wake }: ThinningOptions): Thinning {
  let known: ReadonlyMap<ConversationId, Seq> | undefined
  const take = (next: ReadonlyMap<ConversationId, Seq>) => {
    known = next
    isThinned.set(next.size > 0)
  }
  const put = async (next: ReadonlyMap<ConversationId, Seq>): Promise<boolean> => {
    const fault = await saving.run(() => store.putRecord(RECORD, next.size === 0 ? undefined : [...next]))
    if (fault === undefined) take(next)
    return fault === undefined
  }
  void saving
    .run(async () => take(new Map(begins.catch([]).parse(await store.record(RECORD)))))
    .then((fault) => {
      if (fault !== undefined) take(new Map())
      wake()
    })
  return {
    // Nothing is fetched before it is known what is wanted.
    begin: (id) => (known === undefined ? Infinity : (known.get(id) ?? 1)),
    thin: async () => {
      const held = new Map([...archive.known()].map((id) => [id, archive.ranges(id)]))
      const next = thinned(held)
      // First, or what is removed would be fetched again at once.
      if (!(await put(new Map([...(known ?? []), ...next])))) return false
      for (const [id, begin] of next) if (!(await archive.drop(id, { from: 1, to: begin - 1 }))) return false
      return true
    },
    restore: async () => {
      const isPut = await put(new Map())
      wake()
      return isPut
    },
  }
}
