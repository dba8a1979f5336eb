import type { Seq } from '@parley/protocol'
import type { Range } from '../store/store.ts'

/** Joins a stretch to those held: ascending, disjoint, not touching; in any order, any number of times. */
export function addRange(ranges: readonly Range[], added: Range): readonly Range[] {
  if (added.from > added.to) return ranges
  const before = ranges.filter(({ to }) => to < added.from - 1)
  const after = ranges.filter(({ from }) => from > added.to + 1)
  const touching = ranges.slice(before.length, ranges.length - after.length)
  const from = Math.min(added.from, touching[0]?.from ?? added.from)
  const to = Math.max(added.to, touching.at(-1)?.to ?? added.to)
  return [...before, { from, to }, ...after]
}

/** Takes a stretch out of those held. */
export const removeRange = (ranges: readonly Range[], removed: Range): readonly Range[] =>
  removed.from > removed.to
    ? ranges
    : ranges.flatMap(({ from, to }) =>
        [
          { from, to: Math.min(to, removed.from - 1) },
          { from: Math.max(from, removed.to + 1), to },
        ].filter((left) => left.from <= left.to),
      )

/** What is missing between two ends, both included, ascending. */
export function missingRanges(ranges: readonly Range[], span: Range): readonly Range[] {
  const missing: Range[] = []
  let from = span.from
  for (const held of ranges) {
    if (held.to < from) continue
    if (held.from > span.to) break
    if (held.from > from) missing.push({ from, to: held.from - 1 })
    from = held.to + 1
  }
  if (from <= span.to) missing.push({ from, to: span.to })
  return missing
}

export const covers = (ranges: readonly Range[], span: Range): boolean =>
  span.from > span.to || ranges.some(({ from, to }) => from <= span.from && span.to <= to)

export const heldCount = (ranges: readonly Range[]): number =>
  ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0)

/** Cuts ascending events into stretches without a gap. */
export function runsOf<E extends { readonly seq: Seq }>(events: readonly E[]): readonly (readonly E[])[] {
  const runs: E[][] = []
  for (const event of events) {
    const run = runs.at(-1)
    if (run !== undefined && run.at(-1)?.seq === event.seq - 1) run.push(event)
    else runs.push([event])
  }
  return runs
}

/** The stretch that events without a gap fill. */
export const spanOf = (run: readonly { readonly seq: Seq }[]): Range => ({
  from: run[0]?.seq ?? 1,
  to: run.at(-1)?.seq ?? 0,
})
