import type { FatedCommand, Link } from '@parley/client'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useAccount, useServices } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { afterFirstShown } from '../../platform/first-shown.ts'
import { persistent } from '../../platform/persistent.ts'
import { OfflineIcon, UpdateIcon } from '../../ui/icons.tsx'
import { Bar, type BarLook } from './bar.tsx'
import { linkWords } from './link-words.ts'
import { StorageBars } from './storage-bars.tsx'
import { HistoryBar } from './history-bar.tsx'
import styles from './status.module.css'

const Expired = lazy(persistent(() => import('./expired.tsx')))
const LossBar = lazy(persistent(() => import('./loss-bar.tsx')))
const Told = lazy(persistent(afterFirstShown(() => import('../told/told.tsx'))))
const RefusedCommands = lazy(persistent(() => import('./refused-commands.tsx')))

/** Everything that is true of the whole app right now and worth a line: at most a few, and none on a good day. */
export function StatusBars({ isExpired }: { isExpired: boolean }) {
  const account = useAccount()
  const commands = useObservable(account.commands)
  const refused = commands.filter(isRefused)
  const losses = useObservable(account.losses).filter(({ isDismissed }) => !isDismissed)
  const [hasRefused, setHasRefused] = useState(false)
  // From the first one on, so that the list stays open while its last entry is dealt with.
  if (refused.length > 0 && !hasRefused) setHasRefused(true)
  return (
    <div className={styles.bars}>
      {/* Each part that comes later has a place of its own: while one is on its way, the others are still there. */}
      {isExpired ? (
        <Suspense>
          <Expired />
        </Suspense>
      ) : (
        <LinkBar waiting={commands.filter(isWaiting).length} />
      )}
      <StorageBars />
      <Suspense>{hasRefused && <RefusedCommands refused={refused} />}</Suspense>
      <Suspense>{losses.length > 0 && <LossBar losses={losses} commands={commands} />}</Suspense>
      <UpdateBar />
      <HistoryBar />
      <Suspense>
        <Told />
      </Suspense>
    </div>
  )
}

const isRefused = ({ fate }: FatedCommand): boolean => fate.state === 'refused'
const isWaiting = ({ fate }: FatedCommand): boolean =>
  fate.state === 'unsaved' ||
  fate.state === 'failed-to-save' ||
  fate.state === 'saved' ||
  fate.state === 'sent'

/** A connection that comes back within this time is not worth a word. */
const GRACE_MILLIS = 1500
/** For so long it is said that one is back. */
const BACK_MILLIS = 5000

function LinkBar({ waiting }: { waiting: number }) {
  const account = useAccount()
  const link = useObservable(account.link)
  const language = useLanguage()
  const now = useNow(link.state === 'waiting')
  const isWorthSaying = useLasting(link.state !== 'live', link.state === 'offline' ? 0 : GRACE_MILLIS)
  const words = isWorthSaying ? linkWords(link, waiting, now, language) : undefined
  const hasSettled = useLasting(words === undefined, BACK_MILLIS)
  const [wasAway, setWasAway] = useState(false)
  if (words !== undefined && !wasAway) setWasAway(true)
  if (words === undefined && hasSettled && wasAway) setWasAway(false)
  // There from the beginning, and known: what there is to say is heard at once.
  if (words === undefined)
    return (
      <Bar
        look="calm"
        icon={null}
        spoken={wasAway && link.state === 'live' ? language.t('status.back') : undefined}
      />
    )
  const tryNow = (
    <button type="button" onClick={account.reconnect}>
      {language.t('status.down.now')}
    </button>
  )
  return (
    <Bar
      look={lookOf(link)}
      icon={<OfflineIcon size={16} />}
      spoken={link.state === 'offline' ? undefined : language.t('status.away')}
      action={link.state === 'waiting' && tryNow}
    >
      {words}
    </Bar>
  )
}

const lookOf = (link: Link): BarLook => (link.state === 'waiting' ? 'warning' : 'calm')

/** True once `isSo` has held for a while; false at once when it no longer holds. */
function useLasting(isSo: boolean, millis: number): boolean {
  const [hasLasted, setHasLasted] = useState(false)
  useEffect(() => {
    if (!isSo) return setHasLasted(false)
    const timer = setTimeout(() => setHasLasted(true), millis)
    return () => clearTimeout(timer)
  }, [isSo, millis])
  return isSo && hasLasted
}

/** The time, each second while somebody counts them. */
function useNow(isCounting: boolean): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!isCounting) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [isCounting])
  return now
}

function UpdateBar() {
  const { t } = useLanguage()
  const { update } = useServices()
  if (useObservable(update) === 'none') return null
  return (
    <Bar
      look="accent"
      icon={<UpdateIcon size={16} />}
      action={
        <button type="button" onClick={update.apply}>
          {t('status.update.reload')}
        </button>
      }
    >
      {t('status.update')}
    </Bar>
  )
}
