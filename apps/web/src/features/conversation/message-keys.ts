/**
 * What a key does while a message, or a control in it, has the focus. Letters mean nothing anywhere else, so none of
 * them is in the way of writing, of the browser or of a screen reader.
 */
export const MESSAGE_KEYS = [
  { key: 'ArrowUp', does: 'previous' },
  { key: 'ArrowDown', does: 'next' },
  { key: 'Home', does: 'first' },
  { key: 'End', does: 'latest' },
  { key: 'Enter', does: 'menu' },
  { key: 'r', does: 'reply' },
  { key: 'e', does: 'react' },
  { key: 'c', does: 'copy' },
  { key: 'l', does: 'copy-link' },
  { key: 'b', does: 'back' },
  { key: 'Escape', does: 'write' },
] as const

export type MessageDeed = (typeof MESSAGE_KEYS)[number]['does']

/** What is pressed, and whether on the message itself. */
interface Pressed {
  readonly key: string
  readonly altKey: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
}

export function deedOf(pressed: Pressed, isOnMessage: boolean): MessageDeed | undefined {
  const { altKey, ctrlKey, metaKey, shiftKey } = pressed
  if (altKey || ctrlKey || metaKey || shiftKey) return undefined
  const key = pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key
  const deed = MESSAGE_KEYS.find((each) => each.key === key)?.does
  // On a control in it, Enter is the control's.
  return deed === 'menu' && !isOnMessage ? undefined : deed
}

/** As a key is written beside what it does. */
export const keyFor = (deed: MessageDeed): string =>
  MESSAGE_KEYS.find(({ does }) => does === deed)?.key.toUpperCase() ?? ''
