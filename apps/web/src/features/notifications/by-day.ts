import type { Millis, rest } from '@parley/protocol'

export interface Day {
  readonly key: string
  readonly at: Millis
  /** Newest first. */
  readonly notifications: readonly rest.Notification[]
}

/** What waits, oldest first, as days, newest first, by the person's own calendar. */
export function byDay(waiting: readonly rest.Notification[], keyOf: (at: Millis) => string): readonly Day[] {
  const days: { key: string; at: Millis; notifications: rest.Notification[] }[] = []
  for (const notification of waiting.toSorted((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))) {
    const key = keyOf(notification.at)
    const day = days.at(-1)
    if (day?.key === key) day.notifications.push(notification)
    else days.push({ key, at: notification.at, notifications: [notification] })
  }
  return days
}

/** The local date of a moment, as a key. */
export function dateOf(at: Millis): string {
  const date = new Date(at)
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`
}
