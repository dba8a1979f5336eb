import { type RefObject, useEffect } from 'react'

/**
 * What is answered leaves its list, and the keyboard's place would go with it: the row that takes its place gets
 * the focus, or the one before it, or the list's own way in, or what it stands in (which can be focused by us).
 */
export function useKeptFocus(container: RefObject<HTMLElement | null>, wayIn: readonly string[]): void {
  useEffect(() => {
    const box = container.current
    if (box === null) return
    let last: { readonly element: Element; readonly list: Element | null; readonly index: number } | undefined
    const remember = ({ target }: FocusEvent): void => {
      if (!(target instanceof Element)) return
      const list = target.closest('ul')
      const row = target.closest('li')
      last = {
        element: target,
        list,
        index: row === null || list === null ? -1 : [...list.children].indexOf(row),
      }
    }
    const keep = (): void => {
      if (last === undefined || last.element.isConnected || document.activeElement !== document.body) return
      const rows = last.list?.isConnected === true ? [...last.list.children] : []
      const row = rows[Math.min(last.index, rows.length - 1)]
      const next = row === undefined ? null : focusableIn(row)
      last = undefined
      const way = wayIn.map((each) => box.querySelector<HTMLElement>(each)).find((each) => each !== null)
      ;(next ?? way ?? box).focus({ preventScroll: next === null })
    }
    box.addEventListener('focusin', remember)
    const observer = new MutationObserver(keep)
    observer.observe(box, { childList: true, subtree: true })
    return () => {
      box.removeEventListener('focusin', remember)
      observer.disconnect()
    }
  }, [container, wayIn])
}

const FOCUSABLE = 'a[href]:not([tabindex="-1"]), button:not([tabindex="-1"], :disabled), [tabindex="0"]'

const focusableIn = (row: Element): HTMLElement | null =>
  row.matches(FOCUSABLE) ? (row as HTMLElement) : row.querySelector<HTMLElement>(FOCUSABLE)
