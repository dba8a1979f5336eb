import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { IconButton } from '../../ui/button.tsx'
import { BackIcon, CloseIcon } from '../../ui/icons.tsx'
import styles from './details.module.css'

/** What the panel shows: all there is, or one long list of it. */
export type Page = 'first' | 'members' | 'shared'

const TITLES = {
  first: 'details.title',
  members: 'details.members',
  shared: 'details.shared',
} as const

interface PanelProps {
  readonly page: Page
  readonly onPage: (page: Page) => void
  readonly onClose: () => void
  readonly children: ReactNode
}

/**
 * Beside the conversation where there is room, and else over all of it. The keyboard comes in when it opens, goes
 * back to where it was when it closes, and Escape leads out a step at a time.
 */
export function Panel({ page, onPage, onClose, children }: PanelProps) {
  const { t } = useLanguage()
  const panel = useRef<HTMLElement>(null)
  useComeAndGo(panel)
  const scroll = useKeptPlace(page)
  const leave = (): void => (page === 'first' ? onClose() : onPage('first'))
  const onKeyDown = (event: KeyboardEvent): void => {
    // What stands above the panel is in it for React, and has its own Escape.
    if (event.key !== 'Escape' || event.defaultPrevented) return
    if (!(event.target instanceof Node) || panel.current?.contains(event.target) !== true) return
    event.preventDefault()
    leave()
  }
  return (
    <aside
      ref={panel}
      className={styles.details}
      data-page={page}
      aria-label={t('details.title')}
      // Its own keys: Escape, wherever in it the keyboard is.
      onKeyDown={onKeyDown}
    >
      <header className={styles.header}>
        <IconButton
          className={styles.back ?? ''}
          label={t('common.back')}
          icon={<BackIcon />}
          hasTip={false}
          onClick={leave}
        />
        <h2 tabIndex={-1}>{t(TITLES[page])}</h2>
        <IconButton
          className={styles.close ?? ''}
          label={t('conversation.details.close')}
          icon={<CloseIcon />}
          hasTip={false}
          onClick={onClose}
        />
      </header>
      <div ref={scroll} className={styles.scroll} data-page={page}>
        {children}
      </div>
    </aside>
  )
}

/** The heading takes the keyboard when somebody opens the panel, and gives it back to what opened it. */
function useComeAndGo(panel: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const opener = document.activeElement
    const node = panel.current
    // An address that leads here opens it too, and takes nothing from anybody.
    if (opener instanceof HTMLElement && opener !== document.body) node?.querySelector('h2')?.focus()
    return () => {
      const isHere =
        node?.contains(document.activeElement) === true || document.activeElement === document.body
      if (isHere && opener instanceof HTMLElement && opener.isConnected)
        // The conversation is still hidden on a narrow screen.
        setTimeout(() => opener.focus())
    }
  }, [panel])
}

/** Back from a long list, what led to it stands where it stood, and has the keyboard. */
function useKeptPlace(page: Page) {
  const scroll = useRef<HTMLDivElement>(null)
  const top = useRef(0)
  const before = useRef(page)
  useEffect(() => {
    const node = scroll.current
    if (node === null) return undefined
    if (page === 'first') {
      node.scrollTop = top.current
      if (before.current !== 'first')
        node.querySelector<HTMLElement>(`[data-leads-to="${before.current}"]`)?.focus({ preventScroll: true })
    } else node.scrollTop = 0
    before.current = page
    const keep = (): void => {
      if (page === 'first') top.current = node.scrollTop
    }
    node.addEventListener('scroll', keep, { passive: true })
    return () => node.removeEventListener('scroll', keep)
  }, [page])
  return scroll
}
