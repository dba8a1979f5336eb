import type { PlainKey } from '../../i18n/translate.ts'
import { MESSAGE_KEYS, type MessageDeed } from '../conversation/message-keys.ts'
import { type Shortcut, SHORTCUTS } from './keys.ts'

/** What a message is asked for by key; going from one to the next is told once, for every list. */
const DEEDS = {
  menu: 'message.actions',
  reply: 'message.reply',
  react: 'message.react',
  copy: 'message.copy',
  'copy-link': 'message.copy-link',
  back: 'conversation.jump.back',
  write: 'keys.composer',
} as const satisfies Partial<Record<MessageDeed, PlainKey>>

const onMessage = MESSAGE_KEYS.flatMap(({ key, does }): Shortcut[] =>
  Object.hasOwn(DEEDS, does)
    ? [{ words: DEEDS[does as keyof typeof DEEDS], combos: [{ key: key.toLowerCase() }] }]
    : [],
)

interface KeyGroup {
  readonly title: PlainKey
  readonly shortcuts: readonly Shortcut[]
}

/** The table as people read it: what the main screen does, and what a part of it does while the focus is there. */
export const KEY_GROUPS: readonly KeyGroup[] = [
  {
    title: 'keys.group.everywhere',
    shortcuts: [
      SHORTCUTS.search,
      SHORTCUTS['new-direct'],
      SHORTCUTS.friends,
      SHORTCUTS.notifications,
      SHORTCUTS.settings,
      SHORTCUTS.help,
      SHORTCUTS.close,
    ],
  },
  {
    title: 'keys.group.list',
    shortcuts: [
      SHORTCUTS.next,
      SHORTCUTS.previous,
      SHORTCUTS['next-unread'],
      SHORTCUTS['previous-unread'],
      { words: 'keys.walk', combos: [{ key: 'arrowup' }, { key: 'arrowdown' }] },
    ],
  },
  {
    title: 'keys.group.conversation',
    shortcuts: [
      SHORTCUTS.composer,
      SHORTCUTS['search-here'],
      SHORTCUTS.details,
      { words: 'keys.send', combos: [{ key: 'enter' }] },
      { words: 'keys.break', combos: [{ key: 'enter', shift: true }] },
      { words: 'keys.mention', combos: [{ key: '@' }] },
      { words: 'keys.emoji', combos: [{ key: ':' }] },
      { words: 'keys.bold', combos: [{ key: 'b', mod: true }] },
      { words: 'keys.italic', combos: [{ key: 'i', mod: true }] },
      { words: 'keys.code', combos: [{ key: 'e', mod: true }] },
    ],
  },
  { title: 'keys.group.message', shortcuts: onMessage },
]
