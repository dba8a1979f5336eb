import { useMemo } from 'react'
import { useLocation } from 'wouter'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { theme } from '../../platform/appearance.ts'
import { useOverlay } from '../shell/overlays.ts'
import { type AppCommand, commandsFor } from './commands.ts'
import { useOpenConversation } from './open-conversation.ts'

/** What can be done from where the person is now. */
export function useCommands(): readonly AppCommand[] {
  const account = useAccount()
  const { t } = useLanguage()
  const show = useOverlay()
  const [, navigate] = useLocation()
  const openId = useOpenConversation()
  const list = useObservable(account.conversations)
  const preferences = useObservable(account.preferences)
  return useMemo(() => {
    const views = list.state === 'known' ? list.conversations : []
    return commandsFor({
      account,
      preferences,
      views,
      open: views.find(({ id }) => id === openId),
      theme: shownTheme(),
      now: Date.now(),
      t,
      show,
      navigate,
    })
  }, [account, preferences, list, openId, t, show, navigate])
}

function shownTheme(): 'light' | 'dark' {
  const chosen = theme()
  if (chosen !== 'system') return chosen
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}
