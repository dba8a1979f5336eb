/**
 * The mark that every message of a run carries in its text: who sent it, the how-manieth it is, and
 * when it was sent. A receiver finds it in the raw bytes of a frame, whatever the contestant wraps
 * around it, so that it need neither parse JSON nor hold a Yjs document.
 */

const OPENING = '#!~#'
const SENDER_DIGITS = 4
const NUMBER_DIGITS = 7
const TIME_DIGITS = 13
const LENGTH = OPENING.length + SENDER_DIGITS + NUMBER_DIGITS + TIME_DIGITS
const opening = Buffer.from(OPENING, 'latin1')

export const TEXT_BYTES = 100

/** Microseconds of a clock that all processes of the machine share (CLOCK_MONOTONIC). */
export function nowMicros(): number {
  const [seconds, nanos] = process.hrtime()
  return seconds * 1_000_000 + Math.floor(nanos / 1000)
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')

export const markedText = (sender: number, number: number, sentAtMicros: number): string =>
  (OPENING + hex(sender, SENDER_DIGITS) + hex(number, NUMBER_DIGITS) + hex(sentAtMicros, TIME_DIGITS)).padEnd(
    TEXT_BYTES,
    'the quick brown fox jumps over the lazy dog; ',
  )

export type SeeMarker = (sender: number, number: number, sentAtMicros: number) => void

/** Calls `see` for each mark in the bytes, in their order. */
export function findMarkers(bytes: Buffer, see: SeeMarker): void {
  for (let at = bytes.indexOf(opening); at !== -1; at = bytes.indexOf(opening, at + LENGTH)) {
    let from = at + OPENING.length
    const sender = readHex(bytes, from, SENDER_DIGITS)
    from += SENDER_DIGITS
    const number = readHex(bytes, from, NUMBER_DIGITS)
    from += NUMBER_DIGITS
    see(sender, number, readHex(bytes, from, TIME_DIGITS))
  }
}

function readHex(bytes: Buffer, start: number, digits: number): number {
  let value = 0
  for (let at = start; at < start + digits; at += 1) {
    const code = bytes[at] ?? 0
    value = value * 16 + (code < 58 ? code - 48 : code - 87)
  }
  return value
}
