import { useEffect } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'

/** Unread messages in the window's title and, where there is one, on the app's icon. */
export function TitleBadge() {
  const { t, formats } = useLanguage()
  const list = useObservable(useAccount().conversations)
  const unread = list.state === 'known' ? list.conversations.reduce((sum, { unread }) => sum + unread, 0) : 0
  useEffect(() => {
    const name = t('app.name')
    document.title = unread > 0 ? `(${formats.number(unread)}) ${name}` : name
    // Some systems have no place for a badge: nothing to do then.
    if ('setAppBadge' in navigator) navigator.setAppBadge(unread).catch(() => undefined)
  }, [unread, t, formats])
  return null
}
