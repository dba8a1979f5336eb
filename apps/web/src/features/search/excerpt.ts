import type { Highlight } from '@parley/protocol'

/** A piece of a text; `isFound`: it is what was searched for. */
export interface Piece {
  readonly text: string
  readonly isFound: boolean
}

/** So much stands before the first word that was found, and so much is shown at most. In UTF-16 code units. */
const BEFORE = 48
const LENGTH = 240

/**
 * The part of a message's text around what was found first, in pieces, on one line. Cut between words where there
 * are any, and never within a sign.
 */
export function excerptOf(text: string, highlights: readonly Highlight[]): readonly Piece[] {
  const first = highlights[0]?.start ?? 0
  const start = first <= BEFORE ? 0 : wordAfter(text, first - BEFORE, first)
  const end = Math.min(text.length, start + LENGTH)
  const pieces: Piece[] = []
  const put = (from: number, to: number, isFound: boolean) => {
    const piece = text.slice(from, to).replaceAll(/\s+/g, ' ').toWellFormed()
    if (piece !== '') pieces.push({ text: piece, isFound })
  }
  if (start > 0) pieces.push({ text: '… ', isFound: false })
  let at = start
  for (const found of highlights) {
    if (found.end <= start || found.start >= end) continue
    put(at, found.start, false)
    put(Math.max(start, found.start), Math.min(end, found.end), true)
    at = found.end
  }
  put(at, end, false)
  if (end < text.length) pieces.push({ text: ' …', isFound: false })
  return pieces
}

/** Where a word begins from `from` on, before `limit`; without one, a place between two signs. */
function wordAfter(text: string, from: number, limit: number): number {
  const space = text.slice(from, limit).search(/\s\S/)
  if (space >= 0) return from + space + 1
  return isLowSurrogate(text.charCodeAt(from)) ? from + 1 : from
}

const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff
