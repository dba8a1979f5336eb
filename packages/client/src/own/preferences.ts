import {
  type ConversationId,
  type Kind,
  levelKey,
  type Millis,
  mutedKey,
  type NotificationLevel,
  type NotificationShows,
  notificationShowsKey,
  type Preferences,
  readPreferences,
  recentEmojiKey,
  usualLevelKey,
} from '@parley/protocol'
import { derived, type Observable } from '../observable.ts'
import type { AccountDocument } from './account-document.ts'

/** What a person has chosen, on all of their devices. */
export interface PreferenceMethods {
  readonly preferences: Observable<Preferences>
  setNotificationLevel(conversation: ConversationId, level: NotificationLevel): void
  /** For conversations of this kind that have no level of their own. */
  setUsualLevel(kind: Kind, level: NotificationLevel): void
  /** What notifications show of what was said, on all devices. */
  setNotificationShows(shows: NotificationShows): void
  /** Undefined: not muted any more. */
  mute(conversation: ConversationId, until: Millis | undefined): void
  /** It comes first among the recent ones. */
  usedEmoji(emoji: string): void
}

const RECENT = 32

export function preferenceMethods(own: AccountDocument): PreferenceMethods {
  const preferences = derived<Preferences>(() => readPreferences(own.roots.prefs.entries()))
  const follow = () => own.roots.prefs.observe(preferences.invalidate)
  follow()
  own.onMoved(() => {
    follow()
    preferences.invalidate()
  })
  const set = (key: string, value: unknown) => {
    const { prefs } = own.roots
    // What is so already costs no transaction, on this device and on all others.
    if (JSON.stringify(prefs.get(key)) !== JSON.stringify(value)) prefs.set(key, value)
  }
  return {
    preferences,
    setNotificationLevel: (conversation, level) => set(levelKey(conversation), level),
    setUsualLevel: (kind, level) => set(usualLevelKey(kind), level),
    setNotificationShows: (shows) => set(notificationShowsKey, shows),
    // An end that has passed, and not a missing key: what is merely gone looks as if it had never been written here.
    mute: (conversation, until) => set(mutedKey(conversation), until ?? 0),
    usedEmoji: (emoji) => {
      const others = preferences.get().recentEmoji.filter((each) => each !== emoji)
      set(recentEmojiKey, [emoji, ...others].slice(0, RECENT))
    },
  }
}
