import { safeHref } from '../conversation/markdown.ts'
import type { Stretch } from './insert-text.ts'

/** What is written over a stretch of the text, and what of it is selected then. */
export interface Writing {
  readonly over: Stretch
  readonly text: string
  readonly select?: Stretch
}

/** The signs of a key, in the words of the subset that messages speak. */
export const MARKS: Readonly<Record<string, string>> = { b: '**', i: '_', e: '`' }

/** Puts signs around the selection, or takes them away where they stand already. */
export function marked(text: string, { from, to }: Stretch, mark: string): Writing {
  const chosen = text.slice(from, to)
  const { length } = mark
  if (text.slice(from - length, from) === mark && text.startsWith(mark, to)) {
    return {
      over: { from: from - length, to: to + length },
      text: chosen,
      select: { from: 0, to: chosen.length },
    }
  }
  // Signs beside a space mean nothing: they go around the words.
  const before = /^\s*/.exec(chosen)?.[0] ?? ''
  const core = chosen.trim()
  const at = before.length + length
  const written = `${before}${mark}${core}${mark}${core === '' ? '' : chosen.slice(before.length + core.length)}`
  return { over: { from, to }, text: written, select: { from: at, to: at + core.length } }
}

/** An address pasted over words makes a link of them; undefined: it is pasted as it is. */
export function linked(text: string, { from, to }: Stretch, pasted: string): Writing | undefined {
  const address = pasted.trim()
  const chosen = text.slice(from, to)
  if (chosen.trim() === '' || /[\n[\]]/.test(chosen) || /[\s()<>]/.test(address)) return undefined
  if (!/^(https?:|mailto:)/i.test(address) || safeHref(address) === undefined) return undefined
  // An address over an address replaces it.
  if (safeHref(chosen.trim()) !== undefined) return undefined
  return { over: { from, to }, text: `[${chosen}](${address})` }
}

/** A new line; within a list it begins with the next sign, and an entry with nothing in it ends the list. */
export function lineBreak(text: string, { from, to }: Stretch): Writing {
  const start = text.lastIndexOf('\n', from - 1) + 1
  const entry = /^(\s*)(?:([-*+])|(\d{1,8})([.)]))(\s+)/.exec(text.slice(start, from))
  if (entry === null || from !== to) return { over: { from, to }, text: '\n' }
  const [sign, indent = '', bullet, number, dot = '', space = ' '] = entry
  const isEmpty = text.slice(start + sign.length, from).trim() === ''
  if (isEmpty) return { over: { from: start, to: from }, text: '' }
  return {
    over: { from, to },
    text: `\n${indent}${bullet ?? `${Number(number) + 1}${dot}`}${space}`,
  }
}
