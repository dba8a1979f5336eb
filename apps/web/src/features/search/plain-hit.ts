import type { Highlight } from '@parley/protocol'
import { mayHaveMarkup } from '../conversation/markup.ts'
import { plainPlaces } from '../conversation/plain-places.ts'

/** What a hit shows of a message: its words, and where in them what was looked for is. */
export interface HitWords {
  readonly text: string
  readonly highlights: readonly Highlight[]
}

/**
 * A message that was found, without its markup. Where that hides all that was found, as in the address of a link, the
 * message stays as it was typed: nobody could see why it is there.
 */
export function plainHit(text: string, highlights: readonly Highlight[]): HitWords {
  if (!mayHaveMarkup(text)) return { text, highlights }
  const plain = plainPlaces(text)
  const kept: Highlight[] = []
  let from = 0
  for (const { start, end } of highlights) {
    while (from < plain.places.length && (plain.places[from] ?? 0) < start) from += 1
    let to = from
    while (to < plain.places.length && (plain.places[to] ?? 0) < end) to += 1
    const found = plain.text.slice(from, to).trimEnd()
    if (found !== '') kept.push({ start: from, end: from + found.length })
    from = to
  }
  if (kept.length === 0 && highlights.length > 0) return { text, highlights }
  return { text: plain.text.trimEnd(), highlights: kept }
}
