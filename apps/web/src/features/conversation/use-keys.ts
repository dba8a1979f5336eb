import type { EventId } from '@parley/protocol'
import type { KeyboardEvent } from 'react'
import type { MessageContext } from './message-context.ts'
import { deedOf, type MessageDeed } from './message-keys.ts'
import type { Opened } from './message.tsx'
import { indexOfId, type Row } from './rows.ts'
import { useMessageDeeds } from './use-message-deeds.ts'

interface Keys {
  readonly rows: readonly Row[]
  readonly context: MessageContext
  readonly focusRow: (index: number) => void
  readonly goBack: () => void
  readonly goToLatest: () => void
  readonly onAsk: (asked: { readonly id: EventId; readonly what: Opened }) => void
}

/** What the keys do while the focus is in the timeline (`message-keys.ts`). */
export function useKeys({ rows, context, focusRow, goBack, goToLatest, onAsk }: Keys) {
  const deeds = useMessageDeeds(context)
  return (event: KeyboardEvent<HTMLElement>): void => {
    const { target, currentTarget } = event
    // Menus and fields that a message has opened have their own keys.
    if (!(target instanceof HTMLElement) || !currentTarget.contains(target)) return
    if (target instanceof HTMLInputElement || event.defaultPrevented) return
    const place = target.closest<HTMLElement>('[data-id]')
    const index = place === null ? -1 : indexOfId(rows, place.dataset['id'] as EventId)
    const row = rows[index]
    const deed = row && deedOf(event, target.parentElement === place)
    if (row !== undefined && deed !== undefined && act(deed, row, index)) event.preventDefault()
  }

  function act(deed: MessageDeed, { item }: Row, index: number): boolean {
    switch (deed) {
      case 'previous':
        focusRow(Math.max(0, index - 1))
        return true
      case 'next':
        focusRow(Math.min(rows.length - 1, index + 1))
        return true
      case 'first':
        focusRow(0)
        return true
      case 'latest':
        goToLatest()
        focusRow(rows.length - 1)
        return true
      case 'back':
        goBack()
        return true
      case 'write':
        document.getElementById('composer')?.focus()
        return true
      case 'menu':
        if (item.kind === 'message') onAsk({ id: item.id, what: 'menu' })
        return item.kind === 'message'
      case 'react':
        if (item.kind !== 'message' || !deeds.mayReact(item)) return false
        onAsk({ id: item.id, what: 'react' })
        return true
      case 'reply':
        if (item.kind !== 'message' || !deeds.mayReply(item)) return false
        deeds.reply(item)
        return true
      case 'copy':
        if (item.kind !== 'message' || !deeds.mayCopy(item)) return false
        deeds.copy(item)
        return true
      case 'copy-link':
        if (item.kind !== 'message' || !deeds.mayLink(item)) return false
        deeds.copyLink(item)
        return true
    }
  }
}
