import type { Millis } from '@parley/protocol'
import { useEffect, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { attention } from '../../platform/attention.ts'
import { visitNow } from '../../platform/visits.ts'
import { newSince } from './new-since.ts'

/** What the line above the new messages says: since when they are new, where that is known. */
export function useNewWords(firstNewAt: Millis | undefined): string {
  const { t, formats } = useLanguage()
  const account = useAccount()
  const welcome = useObservable(account.welcome)
  const isAttentive = useObservable(attention)
  const [visit, setVisit] = useState(() => visitNow(account.me.get().id))
  // Whoever comes back to an open window has been away as well.
  useEffect(() => {
    if (isAttentive) setVisit(visitNow(account.me.get().id))
  }, [isAttentive, account])
  const since = newSince({ visit, lastActiveAt: welcome?.lastActiveAt ?? undefined, firstNewAt })
  if (since === undefined) return t('conversation.new')
  return t('conversation.new-since', { ago: formats.relative(since, visit.cameAt) })
}
