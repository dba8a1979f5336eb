import type { Millis } from '@parley/protocol'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Times, dates, lists and sizes as the language writes them; `now` is an argument, so that words can be tested. */
export interface Formats {
  /** 09:41 */
  time(at: Millis): string
  /** Tuesday, 3 March; with the year when it is another one. */
  day(at: Millis, now: Millis): string
  /** Tuesday, 3 March 2026 at 09:41 */
  full(at: Millis): string
  /** In a list: the time today, the weekday within six days, else the date. */
  short(at: Millis, now: Millis): string
  /** 2 hours ago, in 5 seconds */
  relative(at: Millis, now: Millis): string
  /** Ana, Ben and Cleo */
  list(names: readonly string[]): string
  bytes(count: number): string
  number(value: number): string
}

export function formats(locale: string, timeZone?: string): Formats {
  const zone = timeZone === undefined ? {} : { timeZone }
  const dates = (options: Intl.DateTimeFormatOptions, as = locale) =>
    once(() => new Intl.DateTimeFormat(as, { ...options, ...zone }))
  const time = dates({ hour: '2-digit', minute: '2-digit' })
  const day = dates({ weekday: 'long', day: 'numeric', month: 'long' })
  const dayOfYear = dates({ day: 'numeric', month: 'long', year: 'numeric' })
  const full = dates({ dateStyle: 'full', timeStyle: 'short' })
  const weekday = dates({ weekday: 'short' })
  const date = dates({ day: 'numeric', month: 'short' })
  const dateOfYear = dates({ dateStyle: 'short' })
  const keys = dates({ dateStyle: 'short' }, 'en-CA')
  const relative = once(() => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }))
  const list = once(() => new Intl.ListFormat(locale, { type: 'conjunction' }))
  const number = once(() => new Intl.NumberFormat(locale))
  const yearOf = (at: Millis): string => keys().format(at).slice(0, 4)
  const isSameYear = (a: Millis, b: Millis): boolean => yearOf(a) === yearOf(b)
  return {
    time: (at) => time().format(at),
    day: (at, now) => (isSameYear(at, now) ? day : dayOfYear)().format(at),
    full: (at) => full().format(at),
    short: (at, now) => {
      if (keys().format(at) === keys().format(now)) return time().format(at)
      if (Math.abs(now - at) < 6 * DAY) return weekday().format(at)
      return (isSameYear(at, now) ? date : dateOfYear)().format(at)
    },
    relative: (at, now) => {
      const gap = at - now
      const size = Math.abs(gap)
      if (size < MINUTE) return relative().format(Math.round(gap / 1000), 'second')
      if (size < HOUR) return relative().format(Math.round(gap / MINUTE), 'minute')
      if (size < DAY) return relative().format(Math.round(gap / HOUR), 'hour')
      return relative().format(Math.round(gap / DAY), 'day')
    },
    list: (names) => list().format(names),
    bytes: (count) => bytesIn(locale, count),
    number: (value) => number().format(value),
  }
}

/** What `Intl` has takes milliseconds to make: the first screen makes only what it shows something with. */
export function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

function bytesIn(locale: string, count: number): string {
  let size = count
  let unit = 0
  while (size >= 1000 && unit < UNITS.length - 1) {
    size /= 1000
    unit += 1
  }
  const maximumFractionDigits = size < 10 && unit > 0 ? 1 : 0
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: UNITS[unit] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits,
  }).format(size)
}
