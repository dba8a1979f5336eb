import { z } from 'zod'
import { emoji, kind, type Kind, type Millis, millis } from './events.ts'
import { conversationId, type ConversationId } from './ids.ts'

/**
 * What a person wants to be told of in a conversation: every message, only what mentions or answers them, or nothing.
 * Kept in the `prefs` of their account document under a key for each conversation, so that two devices that choose
 * for two conversations never undo each other.
 */
export const notificationLevel = z.enum(['all', 'mentions', 'none'])
export type NotificationLevel = z.infer<typeof notificationLevel>

/** What a notification that others may see on a locked screen shows: who and what, or only that there is something. */
export const notificationShows = z.enum(['text', 'nothing'])
export type NotificationShows = z.infer<typeof notificationShows>

const LEVEL = 'notify/'
const USUAL = 'notifyUsual/'
const SHOWS = 'notifyShows'
const MUTED = 'mutedUntil/'
const RECENT_EMOJI = 'recentEmoji'
const DRAFT_REPLY = 'draftReply/'

/** The last moment that a date can name: until the person says otherwise. */
export const MUTED_FOREVER: Millis = 8_640_000_000_000_000

const recentEmoji = z.array(emoji).max(64)

/** The preferences that all of a person's devices share, read from what any program of theirs may have written. */
export interface Preferences {
  readonly levels: ReadonlyMap<ConversationId, NotificationLevel>
  readonly mutedUntil: ReadonlyMap<ConversationId, Millis>
  /** What holds for conversations of a kind that have no level of their own, where the person has said so. */
  readonly usualLevels: ReadonlyMap<Kind, NotificationLevel>
  readonly shows: NotificationShows
  /** The last used first. */
  readonly recentEmoji: readonly string[]
}

export const levelKey = (conversation: ConversationId): string => `${LEVEL}${conversation}`
export const mutedKey = (conversation: ConversationId): string => `${MUTED}${conversation}`
export const usualLevelKey = (kind: Kind): string => `${USUAL}${kind}`
export const notificationShowsKey = SHOWS
export const recentEmojiKey = RECENT_EMOJI
/** Which message the draft of a conversation answers, by its id; empty: none. It goes with the draft, and is no choice. */
export const draftReplyKey = (conversation: ConversationId): string => `${DRAFT_REPLY}${conversation}`
/** A draft that answers nothing: without meaning as soon as the document is begun anew. */
export const isNoDraftReply = (key: string, value: unknown): boolean =>
  key.startsWith(DRAFT_REPLY) && value === ''

/** Reads a `prefs` map; what has no meaning here is another program's and left out. */
export function readPreferences(entries: Iterable<readonly [string, unknown]>): Preferences {
  const levels = new Map<ConversationId, NotificationLevel>()
  const mutedUntil = new Map<ConversationId, Millis>()
  const usualLevels = new Map<Kind, NotificationLevel>()
  let shows: NotificationShows = 'text'
  let recent: readonly string[] = []
  for (const [key, value] of entries) {
    if (key === SHOWS) shows = notificationShows.safeParse(value).data ?? 'text'
    if (key.startsWith(USUAL)) {
      const [of, usual] = [kind.safeParse(key.slice(USUAL.length)), notificationLevel.safeParse(value)]
      if (of.success && usual.success) usualLevels.set(of.data, usual.data)
    }
    if (key === RECENT_EMOJI) recent = recentEmoji.safeParse(value).data ?? []
    const id = conversationId.safeParse(key.slice(key.indexOf('/') + 1)).data
    if (id === undefined) continue
    const level = key === levelKey(id) ? notificationLevel.safeParse(value).data : undefined
    if (level !== undefined) levels.set(id, level)
    const until = key === mutedKey(id) ? millis.safeParse(value).data : undefined
    if (until !== undefined) mutedUntil.set(id, until)
  }
  return { levels, mutedUntil, usualLevels, shows, recentEmoji: recent }
}

/** What of the preferences decides what a person is told, as the entries it is read from again: for whoever tells them. */
export const notificationEntries = (preferences: Preferences): Record<string, unknown> => ({
  ...Object.fromEntries([...preferences.levels].map(([id, level]) => [levelKey(id), level])),
  ...Object.fromEntries([...preferences.mutedUntil].map(([id, until]) => [mutedKey(id), until])),
  ...Object.fromEntries([...preferences.usualLevels].map(([of, level]) => [usualLevelKey(of), level])),
  ...(preferences.shows !== 'text' && { [SHOWS]: preferences.shows }),
})

/** Of conversations without a level of their own: in a channel, which anybody may fill, only what concerns the person. */
export const usualLevel = ({ usualLevels }: Preferences, kind: Kind): NotificationLevel =>
  usualLevels.get(kind) ?? (kind === 'channel' ? 'mentions' : 'all')

export const chosenLevel = (preferences: Preferences, id: ConversationId, kind: Kind): NotificationLevel =>
  preferences.levels.get(id) ?? usualLevel(preferences, kind)

export const isMuted = (preferences: Preferences, id: ConversationId, now: Millis): boolean =>
  (preferences.mutedUntil.get(id) ?? 0) > now

/** What is told now: nothing while muted. */
export const levelNow = (
  preferences: Preferences,
  id: ConversationId,
  kind: Kind,
  now: Millis,
): NotificationLevel => (isMuted(preferences, id, now) ? 'none' : chosenLevel(preferences, id, kind))
