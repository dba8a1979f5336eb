import type { Millis, UserId } from '@parley/protocol'

/** The moment of all pictures: a Wednesday morning. */
export const NOW: Millis = Date.UTC(2026, 9, 14, 9, 41)
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Ana was here last at this time; what is later is new to her. */
export const AWAY_SINCE: Millis = NOW - 2 * HOUR - 16 * MINUTE

/** `days` before the day of the pictures, at a time of that day (UTC). */
export const at = (days: number, time: string): Millis => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return Date.UTC(2026, 9, 14) - days * DAY + hours * HOUR + minutes * MINUTE
}

/** Everything has the same id in every picture: colours, and the order of what is equal otherwise, follow from ids. */
export const fixedId = <Id extends string>(space: number, n: number): Id =>
  `0199d3a0-${space.toString(16).padStart(4, '0')}-7000-8000-${n.toString(16).padStart(12, '0')}` as Id

export const PASSWORD = 'lanterns over the harbour'

export interface Character {
  readonly id: UserId
  readonly username: string
  readonly name: string
  readonly lastActiveAt: Millis
}

const someone = (n: number, username: string, name: string, lastActiveAt: Millis): Character => ({
  id: fixedId(1, n),
  username,
  name,
  lastActiveAt,
})

/** Everybody on the server; the pictures are of what Ana sees. */
export const PEOPLE = {
  ana: someone(0x1a, 'ana', 'Ana Ferreira', AWAY_SINCE),
  ben: someone(0x25, 'ben', 'Ben Okafor', NOW - 4 * MINUTE),
  chiara: someone(0x3e, 'chiara', 'Chiara Lombardi', NOW - 22 * MINUTE),
  layla: someone(0x47, 'layla', 'ليلى حداد', NOW - 9 * MINUTE),
  noam: someone(0x52, 'noam', 'נועם לוי', NOW - 3 * HOUR),
  max: someone(0x6b, 'maximiliane', 'Maximiliane Freifrau von Hohenstein-Sonnenberg', NOW - 26 * HOUR),
  dmitri: someone(0x74, 'dmitri', 'Дмитрий Соколов', NOW - 40 * MINUTE),
  soren: someone(0x8d, 'soren', 'Søren Kjær', NOW - 6 * DAY),
  mei: someone(0x98, 'mei', 'Mei Tanaka', NOW - 75 * MINUTE),
  priya: someone(0xa1, 'priya', 'Priya Raman', NOW - 5 * HOUR),
  tomas: someone(0xbc, 'tomas', 'Tomás Ó Briain', NOW - 50 * HOUR),
  jonas: someone(0xc5, 'jonas', 'Jonas Weber', NOW - 8 * DAY),
  deals: someone(0xde, 'deals4u', 'Deals 4 U', NOW - 30 * DAY),
  newcomer: someone(0xe7, 'newcomer', 'Inês Duarte', NOW),
} as const

export type Who = keyof typeof PEOPLE
