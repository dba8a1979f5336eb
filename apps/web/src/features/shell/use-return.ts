import { type RefObject, useEffect, useRef } from 'react'
import { useLocation } from 'wouter'

/** The address of what a path shows, as the link that leads there has it. */
const leadsTo = (path: string): string =>
  path.startsWith('/c/') ? path.split('/').slice(0, 3).join('/') : `/${path.split('/')[1] ?? ''}`

/**
 * Going somewhere takes the keyboard's place along where the list makes room for it, as on a phone; coming back to the
 * list gives it to the link that was followed.
 */
export function useReturn(shell: RefObject<HTMLElement | null>, main: RefObject<HTMLElement | null>): void {
  const [path] = useLocation()
  const before = useRef(path)
  useEffect(() => {
    const from = before.current
    before.current = path
    if (from === path) return
    const held = document.activeElement
    // A screen that has taken the focus by itself, or a dialog: theirs.
    const isFree =
      held === null || held === document.body || !held.checkVisibility({ visibilityProperty: true })
    if (path !== '/') {
      if (isFree) main.current?.focus({ preventScroll: true })
      return
    }
    if (!isFree && !main.current?.contains(held)) return
    const link = shell.current?.querySelector<HTMLElement>(`nav a[href="${CSS.escape(leadsTo(from))}"]`)
    link?.focus({ preventScroll: true })
    link?.scrollIntoView({ block: 'nearest' })
  }, [path, shell, main])
}
