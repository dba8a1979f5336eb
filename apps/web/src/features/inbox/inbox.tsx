import { isMuted, levelNow } from '@parley/protocol'
import { type KeyboardEvent, useDeferredValue, useEffect, useMemo, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { drew } from '../../platform/first-shown.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { IconButton } from '../../ui/button.tsx'
import { SearchIcon } from '../../ui/icons.tsx'
import { useOpenConversation } from '../commands/open-conversation.ts'
import { ariaKeys } from '../keys/keys.ts'
import { useOverlay } from '../shell/overlays.ts'
import { ArchivedRows } from './archived-rows.tsx'
import { KeptChoice } from './kept-choice.tsx'
import { InboxRow } from './inbox-row.tsx'
import { InboxSkeleton } from './inbox-skeleton.tsx'
import { isLoud } from './loudness.ts'
import { NewButton } from './new-button.tsx'
import { type Kept, shownOf } from './shown.ts'
import { matches, titleOf } from './titles.ts'
import { useFewFirst } from './use-few-first.ts'
import { useToday } from './use-today.ts'
import styles from './inbox.module.css'

/** The conversations of the person, newest activity first. */
export function Inbox() {
  const { t } = useLanguage()
  const overlay = useOverlay()
  const list = useObservable(useAccount().conversations)
  const count = list.state === 'known' ? list.conversations.length : 0
  useEffect(() => drew('list'), [])
  return (
    // Arrows go through the list beside Tab, as in a file manager; what they move is the focus of links.
    <nav className={styles.inbox} aria-label={t('inbox.title')} onKeyDown={moveThroughRows}>
      <header className={styles.header}>
        <h1 className={styles.title}>{t('inbox.title')}</h1>
        <IconButton
          label={t('inbox.search')}
          icon={<SearchIcon />}
          aria-keyshortcuts={ariaKeys('search')}
          onClick={() => overlay('search')}
        />
        <NewButton />
      </header>
      {list.state === 'loading' ? (
        <InboxSkeleton />
      ) : count === 0 ? (
        <p className={styles.none} role="status">
          {t('inbox.empty.body')}
        </p>
      ) : (
        <Conversations />
      )}
    </nav>
  )
}

/** From the filter box or a row to the next row; above the first one is the box again. */
function moveThroughRows(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (step === 0 || event.altKey || event.nativeEvent.isComposing) return
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('search input, li > a')]
  const at = stops.findIndex((each) => each === event.target)
  const next = stops[at + step]
  if (at < 0 || next === undefined) return
  event.preventDefault()
  next.focus()
}

function Conversations() {
  const { t } = useLanguage()
  const account = useAccount()
  const list = useObservable(account.conversations)
  const preferences = useObservable(account.preferences)
  const now = useToday(preferences)
  const open = useOpenConversation()
  const [query, setQuery] = useState('')
  const [kept, setKept] = useState<Kept>('all')
  const wanted = useDeferredValue(query.trim())
  const all = list.state === 'known' ? list.conversations : NONE
  const { current, archived } = useMemo(
    () => shownOf(all, kept, (view) => wanted === '' || matches(titleOf(view, t), wanted), open),
    [all, kept, wanted, open, t],
  )
  const drawn = useFewFirst(current)
  const row = (view: (typeof all)[number]) => {
    const level = levelNow(preferences, view.id, view.kind, now)
    return (
      <InboxRow
        key={view.id}
        view={view}
        isOpen={view.id === open}
        isLoud={isLoud(view, level)}
        isMuted={level === 'none' || isMuted(preferences, view.id, now)}
        now={now}
      />
    )
  }
  const isNone = current.length === 0 && archived.length === 0
  return (
    <>
      <SearchField
        look="quiet"
        className={styles.filter}
        label={t('inbox.filter')}
        placeholder={t('inbox.filter')}
        value={query}
        onChange={setQuery}
      />
      <KeptChoice kept={kept} onChange={setKept} />
      {isNone ? (
        <p className={styles.none} role="status">
          {wanted === ''
            ? t(kept === 'mentions' ? 'inbox.none.mentions' : 'inbox.none.unread')
            : t('inbox.filter.none', { query: wanted })}
        </p>
      ) : (
        <div className={styles.scroll}>
          <ul className={styles.rows}>{drawn.map(row)}</ul>
          {archived.length > 0 && (
            <ArchivedRows
              count={archived.length}
              mustShow={wanted !== '' || kept !== 'all' || archived.some(({ id }) => id === open)}
            >
              {() => archived.map(row)}
            </ArchivedRows>
          )}
        </div>
      )}
    </>
  )
}

const NONE = [] as const
