import type { Mention, Role } from '@parley/protocol'
import { type Emoji, findEmoji } from '../emoji/emoji-set.ts'
import type { Stretch } from './insert-text.ts'

/** Somebody who can be mentioned here. */
export interface Candidate {
  readonly mention: Mention
  /** What stands after the `@`. */
  readonly handle: string
  readonly name: string
  readonly role?: Role
  readonly isOnline?: boolean
}

/** The `@word` or `:word` that is being written. */
export interface Asked {
  readonly for: 'people' | 'emoji'
  /** Where its sign stands. */
  readonly from: number
  readonly query: string
}

/** What can stand in place of the word. */
export type Offer =
  | { readonly kind: 'person'; readonly key: string; readonly candidate: Candidate }
  | { readonly kind: 'emoji'; readonly key: string; readonly name: string; readonly emoji: Emoji }

/** Longer lists are not read: another letter is quicker. */
const MAX_OFFERED = 6

/** The word that a caret stands at the end of, if it begins with an `@`, or with a `:` and two letters. */
export function askedAt(text: string, caret: number): Asked | undefined {
  if (/^[\p{L}\p{N}_]/u.test(text.slice(caret))) return undefined
  const before = text.slice(0, caret)
  const person = /(?<![\p{L}\p{N}_@])@([\p{L}\p{M}\p{N}_.-]*)$/u.exec(before)
  if (person !== null) return { for: 'people', from: person.index, query: person[1] ?? '' }
  // A time, an address and a smiley of one letter have a colon too, and code is written as it is.
  const emoji = /(?<![\p{L}\p{N}_:/]):([\p{L}\p{M}+-][\p{L}\p{M}\p{N}_+-]+)$/u.exec(before)
  if (emoji === null || isInCode(text, emoji.index)) return undefined
  return { for: 'emoji', from: emoji.index, query: emoji[1] ?? '' }
}

/** A whole `:name:` that ends at the caret. */
export function nameAt(text: string, caret: number): (Stretch & { readonly name: string }) | undefined {
  const found = /(?<![\p{L}\p{N}_:/]):([a-z0-9_+-]*[a-z+][a-z0-9_+-]*):$/iu.exec(text.slice(0, caret))
  if (found === null || isInCode(text, found.index)) return undefined
  return { from: found.index, to: caret, name: found[1] ?? '' }
}

/** Within a fence, or behind one backtick of its line. */
function isInCode(text: string, at: number): boolean {
  const lines = text.slice(0, at).split('\n')
  const fences = lines.filter((line) => line.trimStart().startsWith('```')).length
  return fences % 2 === 1 || ((lines.at(-1) ?? '').match(/`/g) ?? []).length % 2 === 1
}

/** Who fits what was typed: by the beginning of the handle first, then of any word of the name. */
export function offerPeople(candidates: readonly Candidate[], query: string): readonly Candidate[] {
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

export const offerEmoji = (all: readonly Emoji[], query: string): readonly Emoji[] =>
  findEmoji(all, query).slice(0, MAX_OFFERED)

/** What is written where, when a word is taken: a handle is followed by one space, wherever there is none yet. */
export function completion(
  text: string,
  { from, query }: Asked,
  taken: string,
  hasSpace: boolean,
): Stretch & { readonly text: string } {
  const to = from + 1 + query.length
  if (!hasSpace) return { from, to, text: taken }
  return { from, to: text.startsWith(' ', to) ? to + 1 : to, text: `${taken} ` }
}

/** Whoever spoke last comes first, then by name. */
export function inOrderOfSpeaking(
  people: readonly Candidate[],
  authors: readonly Mention[],
): readonly Candidate[] {
  const rank = new Map<Mention, number>()
  authors.forEach((author, at) => rank.set(author, at))
  return people.toSorted(
    (a, b) => (rank.get(b.mention) ?? -1) - (rank.get(a.mention) ?? -1) || a.name.localeCompare(b.name),
  )
}

/** Accents and capitals make no difference. */
const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase()
