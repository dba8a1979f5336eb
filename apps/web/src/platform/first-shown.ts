import type { Client } from '@parley/client'
import { conversationId } from '@parley/protocol'

/** Which conversation the address leads to, when the app starts at one. */
const first = conversationId.safeParse(location.pathname.split('/')[2]).data

/** What a person came for and has not been drawn yet. */
const awaited = new Set<'list' | 'messages'>(first === undefined ? ['list'] : ['list', 'messages'])

/** What has not come from the device by now does not come from there. */
const LONGEST_MILLIS = 3000

let settle: () => void = () => undefined

/** Resolves once the first screen is before the person: what can wait does not take the processor from drawing it. */
export const firstShown: Promise<void> = new Promise((resolve) => {
  settle = resolve
})
// A tab in the background draws nothing.
if (document.hidden) settle()
else setTimeout(settle, LONGEST_MILLIS)

/** To be called in an effect: what has been drawn into the page is painted with the next frame. */
export function drew(part: 'list' | 'messages'): void {
  if (awaited.delete(part) && awaited.size === 0) requestAnimationFrame(() => setTimeout(settle))
}

/** Loads a part of the app that can wait. */
export const afterFirstShown =
  <T>(load: () => Promise<T>) =>
  async (): Promise<T> => {
    await firstShown
    return await load()
  }

/** The messages that the address leads to are read from the device while the list beside them is drawn. */
export function readAhead({ session }: Client): void {
  const now = session.get()
  if (first === undefined || now.state === 'signed-out') return
  void firstShown.finally(now.account.timeline(first).subscribe(() => undefined))
}

/** Whether the app starts at a conversation. */
export const startsAtConversation = first !== undefined
