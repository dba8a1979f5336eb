import type { Mention } from '@parley/protocol'

/** Somebody who can be mentioned here. */
export interface Candidate {
  readonly mention: Mention
  /** What stands after the `@`. */
  readonly handle: string
  readonly name: string
}

/** The `@word` that is being written. */
export interface Asked {
  /** Where its `@` stands. */
  readonly from: number
  readonly query: string
}

/** Longer lists are not read: another letter is quicker. */
const MAX_OFFERED = 6

/** The word that a caret stands at the end of, if it begins with an `@`. */
export function askedAt(text: string, caret: number): Asked | undefined {
  if (/^[\p{L}\p{N}_]/u.test(text.slice(caret))) return undefined
  const found = /(?<![\p{L}\p{N}_@])@([\p{L}\p{M}\p{N}_.-]*)$/u.exec(text.slice(0, caret))
  return found === null ? undefined : { from: found.index, query: found[1] ?? '' }
}

/** Who fits what was typed: by the beginning of the handle first, then of any word of the name. */
export function offer(candidates: readonly Candidate[], query: string): readonly Candidate[] {
  const wanted = plain(query)
  const byHandle = candidates.filter(({ handle }) => handle.startsWith(wanted))
  const byName = candidates.filter(
    (each) =>
      !byHandle.includes(each) &&
      plain(each.name)
        .split(/\s+/)
        .some((word) => word.startsWith(wanted)),
  )
  return [...byHandle, ...byName].slice(0, MAX_OFFERED)
}

/** The text with the handle in place of the word, and where the caret goes on. */
export function complete(
  text: string,
  { from, query }: Asked,
  handle: string,
): { readonly text: string; readonly caret: number } {
  const before = `${text.slice(0, from)}@${handle} `
  const after = text.slice(from + 1 + query.length)
  return { text: before + after.replace(/^ /, ''), caret: before.length }
}

/** Accents and capitals make no difference. */
const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase()
