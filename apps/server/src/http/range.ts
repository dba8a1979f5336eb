import type { ByteRange } from '../attachments/file-store.ts'

/**
 * What a `Range` header asks of something that has `length` bytes (RFC 9110, 14): one part, everything
 * ("whole": for what is no range of bytes, or several), or what is not there.
 */
export function requestedRange(
  header: string | undefined,
  length: number,
): ByteRange | 'whole' | 'unsatisfiable' {
  const [, first, last] = /^bytes=[ \t]*(\d{0,15})-(\d{0,15})[ \t]*$/i.exec(header ?? '') ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return 'whole'
  if (first === '') {
    const suffix = Math.min(Number(last), length)
    return suffix === 0 ? 'unsatisfiable' : { start: length - suffix, end: length - 1 }
  }
  const start = Number(first)
  if (last !== '' && Number(last) < start) return 'whole'
  if (start >= length) return 'unsatisfiable'
  return { start, end: last === '' ? length - 1 : Math.min(Number(last), length - 1) }
}

/** Whether `If-None-Match` names the tag, weakly compared. */
export const namesTag = (header: string, tag: string): boolean =>
  header.trim() === '*' ||
  (header.match(/(?:W\/)?"[^"]*"/g) ?? []).some((candidate) => candidate.replace(/^W\//, '') === tag)
