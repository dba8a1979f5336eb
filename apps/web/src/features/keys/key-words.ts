import type { Translate } from '../../i18n/translate.ts'
import type { Combo } from './keys.ts'

/** What is written on the keys, in the order in which they are pressed. */
export function keyWords({ key, mod, alt, shift }: Combo, isMac: boolean, t: Translate): readonly string[] {
  return [
    ...(mod === undefined ? [] : [isMac ? '⌘' : t('key.ctrl')]),
    ...(alt === undefined ? [] : [isMac ? '⌥' : t('key.alt')]),
    ...(shift === undefined ? [] : [isMac ? '⇧' : t('key.shift')]),
    nameOf(key, t),
  ]
}

function nameOf(key: string, t: Translate): string {
  switch (key) {
    case 'arrowup':
      return '↑'
    case 'arrowdown':
      return '↓'
    case 'enter':
      return t('key.enter')
    case 'escape':
      return t('key.escape')
    default:
      return key.toUpperCase()
  }
}
