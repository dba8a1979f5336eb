import { type KeyboardEvent, useRef } from 'react'
import type { NotificationId } from '@parley/protocol'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { CheckIcon, ReadIcon } from '../../ui/icons.tsx'
import { Rows } from '../../ui/rows.tsx'
import { Screen } from '../../ui/screen.tsx'
import { useKeptFocus } from '../person/use-kept-focus.ts'
import { byDay, dateOf } from './by-day.ts'
import { NotificationRow } from './notification-row.tsx'
import styles from './notifications.module.css'

const WAYS_IN = ['a[data-notification]']

/** What happened while this person was away, until they have seen it. */
export default function NotificationsScreen() {
  const account = useAccount()
  const { t } = useLanguage()
  const { waiting, isComplete } = useObservable(account.notifications)
  const link = useObservable(account.link)
  const isOffline = link.state === 'offline' || link.state === 'waiting'
  const screen = useRef<HTMLDivElement>(null)
  useKeptFocus(screen, WAYS_IN)
  const seeAll = (): void => {
    account.seenAll()
    // The button goes with what it was for.
    screen.current?.focus()
  }
  return (
    <Screen
      title={t('notifications.title')}
      actions={
        waiting.length > 0 && (
          <Button size="small" look="quiet" icon={<ReadIcon size={18} />} onClick={seeAll}>
            {t('notifications.all')}
          </Button>
        )
      }
    >
      <div ref={screen} tabIndex={-1} className={styles.screen}>
        {waiting.length > 0 ? (
          <Days />
        ) : isComplete || isOffline ? (
          <div className={styles.none}>
            <Empty
              icon={<CheckIcon size={26} />}
              title={t('notifications.none.title')}
              body={t(isOffline ? 'notifications.offline' : 'notifications.none.body')}
            />
          </div>
        ) : (
          <p className={styles.words} role="status">
            {t('notifications.loading')}
          </p>
        )}
      </div>
    </Screen>
  )
}

function Days() {
  const account = useAccount()
  const { t, formats } = useLanguage()
  const { waiting } = useObservable(account.notifications)
  const today = dateOf(Date.now())
  const yesterday = dateOf(Date.now() - 86_400_000)
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const { target } = event
    if (!(target instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.altKey) return
    const at = target.closest('li')?.querySelector<HTMLElement>('[data-notification]')?.dataset[
      'notification'
    ]
    if (event.key.toLowerCase() === 's' && at !== undefined) {
      account.seen(at as NotificationId)
      event.preventDefault()
    } else moveThroughRows(event)
  }
  return (
    // Arrows go through the rows beside Tab; what they move is the focus of links.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className={styles.days} onKeyDown={onKeyDown}>
      {byDay(waiting, dateOf).map(({ key, at, notifications }) => (
        <Rows
          key={key}
          title={
            key === today
              ? t('conversation.today')
              : key === yesterday
                ? t('conversation.yesterday')
                : formats.day(at, Date.now())
          }
        >
          {notifications.map((each) => (
            <NotificationRow key={each.id} notification={each} />
          ))}
        </Rows>
      ))}
      <p className={styles.keys}>{t('notifications.keys')}</p>
    </div>
  )
}

const STEPS: { readonly [key: string]: (at: number, count: number) => number } = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  Home: () => 0,
  End: (_, count) => count - 1,
}

function moveThroughRows(event: KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key]
  const row = event.target instanceof Element ? event.target.closest('li') : null
  const rows = [...event.currentTarget.querySelectorAll('li')]
  if (step === undefined || row === null) return
  const next = rows[step(rows.indexOf(row), rows.length)]?.querySelector<HTMLElement>('a')
  if (next === undefined || next === null) return
  event.preventDefault()
  next.focus()
}
