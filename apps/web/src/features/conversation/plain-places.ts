import { type Block, type Inline, isBlock, parseMarkdown } from './markdown.ts'

/** A text without its markup, and where each of its UTF-16 code units stands in what was typed. */
export interface PlainPlaces {
  readonly text: string
  /** Ascending. */
  readonly places: readonly number[]
}

/** As `plainText`, of the whole text and with its white space; for texts that have markup. */
export function plainPlaces(typed: string): PlainPlaces {
  const places: number[] = []
  let text = ''
  let at = 0
  const put = (sign: string, place: number): void => {
    text += sign
    places.push(place)
  }
  const follow = (value: string, end: number): void => {
    for (const sign of value.split('')) {
      // Backslashes, and the signs of quotes and lists at the beginning of a line, are in between.
      const found = typed.indexOf(sign, at)
      if (found >= 0 && found < end) at = found + 1
      put(sign, found >= 0 && found < end ? found : at)
    }
  }
  const walk = (node: Block | Inline, end: number): void => {
    // What was recognised as an address has no position; it follows what is before it.
    at = Math.max(at, node.position?.start.offset ?? at)
    const ownEnd = node.position?.end.offset ?? end
    if ('value' in node) follow(node.value, ownEnd)
    else if ('children' in node) for (const child of node.children) walk(child, ownEnd)
    else if (node.type === 'break') put(' ', at)
    at = Math.max(at, node.position?.end.offset ?? at)
    if (isBlock(node)) put(' ', at)
  }
  for (const child of parseMarkdown(typed).children) walk(child, typed.length)
  return { text, places }
}
