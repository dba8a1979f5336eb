import { useEffect } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useMoment } from '../../moment.ts'
import { useObservable } from '../../observe.ts'
import { badgeOf, nextUnmuted } from '../told/badge.ts'

const ICON = '/icons/icon.svg'
const MARKED = '/icons/icon-marked.svg'

/** What waits to be read, in the window's title, on its icon and, where there is one, on the app's icon. */
export function TitleBadge() {
  const { t, formats } = useLanguage()
  const { conversations, preferences } = useAccount()
  const list = useObservable(conversations)
  const chosen = useObservable(preferences)
  const now = useMoment((moment) => nextUnmuted(chosen, moment))
  const { count, isMarked } = badgeOf(list.state === 'known' ? list.conversations : [], chosen, now)
  useEffect(() => {
    const name = t('app.name')
    document.title = count > 0 ? `(${formats.number(count)}) ${name}` : name
    document.querySelector('link[rel=icon]')?.setAttribute('href', isMarked ? MARKED : ICON)
    // Some systems have no place for a badge: nothing to do then.
    if ('setAppBadge' in navigator) navigator.setAppBadge(count).catch(() => undefined)
  }, [count, isMarked, t, formats])
  return null
}
