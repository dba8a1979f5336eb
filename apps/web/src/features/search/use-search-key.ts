import { useEffect } from 'react'
import { listenTo } from '../../platform/listen.ts'

/** Ctrl+K, on a Mac ⌘K, wherever the focus is. */
export function useSearchKey(open: () => void): void {
  useEffect(
    () =>
      listenTo(window, ['keydown'], (event) => {
        if (!(event instanceof KeyboardEvent) || event.key.toLowerCase() !== 'k') return
        if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
        event.preventDefault()
        open()
      }),
    [open],
  )
}
