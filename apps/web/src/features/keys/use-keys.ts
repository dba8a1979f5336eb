import type { Account } from '@parley/client'
import { useLayoutEffect } from 'react'
import { useLocation } from 'wouter'
import { useAccount } from '../../context.tsx'
import { listenTo } from '../../platform/listen.ts'
import { conversationIn } from '../commands/open-conversation.ts'
import type { Overlay } from '../shell/overlays.ts'
import { neighbour } from './neighbour.ts'
import { isSingle, type ShortcutId, shortcutOf } from './keys.ts'
import { areSingleKeysOn, isMac } from './platform.ts'

/** Does what the table of keys says, for as long as the main screen is there. */
export function useKeys(show: (overlay: Overlay) => void): void {
  const account = useAccount()
  const [path, navigate] = useLocation()
  // With the first frame: whoever sees the list presses keys, before effects that may wait have run.
  useLayoutEffect(
    () =>
      listenTo(window, ['keydown'], (event) => {
        if (!(event instanceof KeyboardEvent) || event.defaultPrevented || event.isComposing) return
        const found = shortcutOf(event, isMac())
        if (found === undefined) return
        const { id, combo } = found
        const target = event.target instanceof Element ? event.target : document.body
        if (isOverlaid()) {
          // The browser's own meaning of it would take the person out of the app.
          if (id === 'search') event.preventDefault()
          return
        }
        if (isSingle(combo) && (isHeld(target) || !areSingleKeysOn())) return
        if (combo.alt === true && isNeededIn(target)) return
        const act = actionOf(id, account, path, target)
        if (act === undefined) return
        event.preventDefault()
        act(show, navigate)
      }),
    [account, path, navigate, show],
  )
}

type Act = (
  show: (overlay: Overlay) => void,
  navigate: (to: string, options?: { replace: boolean }) => void,
) => void

/** Undefined: there is nothing to do here, and the key is the browser's. */
function actionOf(id: ShortcutId, account: Account, path: string, target: Element): Act | undefined {
  const open = conversationIn(path)
  const go = (step: 1 | -1, isUnread: boolean): Act | undefined => {
    const list = account.conversations.get()
    const next = list.state === 'known' ? neighbour(list.conversations, open, step, isUnread) : undefined
    return next && ((_, navigate) => navigate(`/c/${next}`))
  }
  switch (id) {
    case 'search':
      return (show) => show('search')
    case 'search-here':
      return open === undefined ? undefined : (show) => show('search-here')
    case 'help':
      return (show) => show('keys')
    case 'new-direct':
      return (show) => show('new-direct')
    case 'friends':
    case 'notifications':
    case 'settings':
      return (_, navigate) => navigate(`/${id}`)
    case 'next':
      return go(1, false)
    case 'previous':
      return go(-1, false)
    case 'next-unread':
      return go(1, true)
    case 'previous-unread':
      return go(-1, true)
    case 'composer': {
      const composer = document.getElementById('composer')
      return composer === null ? undefined : () => composer.focus()
    }
    case 'details':
      if (open === undefined) return undefined
      return (_, navigate) => navigate(path.endsWith('/details') ? `/c/${open}` : `/c/${open}/details`)
    case 'close': {
      if (isText(target)) return undefined
      const isPanel = path.endsWith('/details') || (open === undefined && path !== '/')
      return isPanel ? (_, navigate) => navigate(open === undefined ? '/' : `/c/${open}`) : undefined
    }
  }
}

const OVERLAID = ['dialog', 'alertdialog', 'menu', 'listbox'].map((role) => `[role=${role}]`).join()

/** Something lies over the screen and has the keys. */
const isOverlaid = (): boolean =>
  [...document.querySelectorAll(OVERLAID)].some((each) => each.closest('[data-base-ui-portal]') !== null)

const isText = (target: Element): boolean =>
  target.matches('textarea, select, [contenteditable]:not([contenteditable=false])') ||
  (target instanceof HTMLInputElement && !['button', 'checkbox', 'radio', 'submit'].includes(target.type))

/** A letter means something where the focus is: text, or what finds its entries by their first letter. */
const isHeld = (target: Element): boolean =>
  isText(target) || target.closest('[role=menu], [role=listbox], [role=tree], [role=grid]') !== null

/** Alt and an arrow open lists, and on a Mac go through a text that is there. */
const isNeededIn = (target: Element): boolean =>
  target.matches('select') ||
  (target.matches('[role=combobox]') && target.getAttribute('aria-expanded') === 'true') ||
  (isMac() && isText(target) && 'value' in target && target.value !== '')
