import type { PlainKey } from '../../i18n/translate.ts'

/** Keys that are pressed together. `mod` is Ctrl, and ⌘ on a Mac. */
export interface Combo {
  /** As `KeyboardEvent.key` has it, letters small. */
  readonly key: string
  readonly mod?: true
  readonly alt?: true
  readonly shift?: true
}

export interface Shortcut {
  readonly words: PlainKey
  /** Any of them. */
  readonly combos: readonly Combo[]
}

/** What the main screen does by itself on a key, wherever the focus is. */
export const SHORTCUTS = {
  search: { words: 'keys.search', combos: [{ key: 'k', mod: true }] },
  // With the box open, the browser's own search has the key again.
  'search-here': { words: 'keys.search-here', combos: [{ key: 'f', mod: true }] },
  help: { words: 'keys.help', combos: [{ key: '/', mod: true }, { key: '?' }] },
  'new-direct': { words: 'keys.new-direct', combos: [{ key: 'n' }] },
  friends: { words: 'keys.friends', combos: [{ key: 'f', mod: true, shift: true }] },
  notifications: { words: 'keys.notifications', combos: [{ key: 'm', mod: true, shift: true }] },
  settings: { words: 'keys.settings', combos: [{ key: ',', mod: true }] },
  close: { words: 'keys.close', combos: [{ key: 'escape' }] },
  previous: { words: 'keys.previous', combos: [{ key: 'arrowup', alt: true }] },
  next: { words: 'keys.next', combos: [{ key: 'arrowdown', alt: true }] },
  'previous-unread': { words: 'keys.previous-unread', combos: [{ key: 'arrowup', alt: true, shift: true }] },
  'next-unread': { words: 'keys.next-unread', combos: [{ key: 'arrowdown', alt: true, shift: true }] },
  composer: { words: 'keys.composer', combos: [{ key: 'c' }, { key: '/' }] },
  details: { words: 'keys.details', combos: [{ key: 'i' }] },
} as const satisfies Record<string, Shortcut>

export type ShortcutId = keyof typeof SHORTCUTS

/** As much of an event as decides. */
export type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

export function shortcutOf(pressed: Pressed, isMac: boolean): { id: ShortcutId; combo: Combo } | undefined {
  for (const [id, { combos }] of Object.entries(SHORTCUTS) as [ShortcutId, Shortcut][])
    for (const combo of combos) if (isPressed(combo, pressed, isMac)) return { id, combo }
  return undefined
}

function isPressed(combo: Combo, pressed: Pressed, isMac: boolean): boolean {
  const [mod, other] = isMac ? [pressed.metaKey, pressed.ctrlKey] : [pressed.ctrlKey, pressed.metaKey]
  if (other || mod !== (combo.mod === true) || pressed.altKey !== (combo.alt === true)) return false
  // Layouts disagree about which signs need Shift: it is part of the sign then.
  const isSign = /^[^\p{L}]$/u.test(combo.key)
  return (isSign || pressed.shiftKey === (combo.shift === true)) && letterOf(pressed) === combo.key
}

/** Where the layout has other letters than these, the key that has this one elsewhere. */
function letterOf({ key, code }: Pressed): string {
  const isForeign = /^\p{L}$/u.test(key) && !/^[a-z]$/i.test(key)
  return isForeign && code.startsWith('Key') ? code.slice(3).toLowerCase() : key.toLowerCase()
}

/** One key alone: it must never be taken from somebody who types. */
export const isSingle = ({ mod, alt, key }: Combo): boolean =>
  mod !== true && alt !== true && key.length === 1

const NAMES: Readonly<Record<string, string>> = { arrowup: 'ArrowUp', arrowdown: 'ArrowDown' }

/** For `aria-keyshortcuts`. */
export const ariaKeys = (id: ShortcutId): string =>
  (SHORTCUTS[id].combos as readonly Combo[])
    .flatMap(({ key, mod, alt, shift }) => {
      const rest = [
        ...(alt ? ['Alt'] : []),
        ...(shift ? ['Shift'] : []),
        NAMES[key] ?? key.toUpperCase(),
      ].join('+')
      return mod ? [`Control+${rest}`, `Meta+${rest}`] : [rest]
    })
    .join(' ')
