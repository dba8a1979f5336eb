import type { ConversationView } from '@parley/client'
import { type KeyboardEvent, useDeferredValue, useState } from 'react'
import { useLocation } from 'wouter'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { IconButton } from '../../ui/button.tsx'
import { CloseIcon, ComposeIcon, SearchIcon, SettingsIcon } from '../../ui/icons.tsx'
import { InboxRow } from './inbox-row.tsx'
import { InboxSkeleton } from './inbox-skeleton.tsx'
import { matches, titleOf } from './titles.ts'
import styles from './inbox.module.css'

interface InboxProps {
  readonly onNewGroup: () => void
  readonly onSearch: () => void
}

/** The conversations of the person, newest activity first. */
export function Inbox({ onNewGroup, onSearch }: InboxProps) {
  const { t } = useLanguage()
  const account = useAccount()
  const list = useObservable(account.conversations)
  const [query, setQuery] = useState('')
  const wanted = useDeferredValue(query.trim())
  const all = list.state === 'known' ? list.conversations : []
  const shown = wanted === '' ? all : all.filter((view) => matches(titleOf(view, t), wanted))
  return (
    // Arrows go through the list beside Tab, as in a file manager; what they move is the focus of links.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <nav className={styles.inbox} aria-label={t('inbox.title')} onKeyDown={moveThroughRows}>
      <header className={styles.header}>
        <h1 className={styles.title}>{t('inbox.title')}</h1>
        <IconButton
          label={t('inbox.search')}
          icon={<SearchIcon />}
          aria-keyshortcuts="Control+K Meta+K"
          onClick={onSearch}
        />
        <SettingsLink />
        <IconButton label={t('inbox.new-group')} icon={<ComposeIcon />} onClick={onNewGroup} />
      </header>
      {all.length > 0 && <Filter query={query} onChange={setQuery} />}
      {list.state === 'loading' ? (
        <InboxSkeleton />
      ) : (
        <Rows conversations={shown} emptyWords={emptyWords(all.length, query)} />
      )}
    </nav>
  )

  function emptyWords(count: number, query: string): string {
    return count === 0 ? t('inbox.empty.body') : t('inbox.filter.none', { query })
  }
}

/** From the filter box or a row to the next row; above the first one is the box again. */
function moveThroughRows(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('search input, li > a')]
  const at = stops.findIndex((each) => each === event.target)
  const next = stops[at + step]
  if (step === 0 || at < 0 || next === undefined || event.nativeEvent.isComposing) return
  event.preventDefault()
  next.focus()
}

function SettingsLink() {
  const { t } = useLanguage()
  const [, navigate] = useLocation()
  return (
    <IconButton label={t('inbox.settings')} icon={<SettingsIcon />} onClick={() => navigate('/settings')} />
  )
}

function Filter({ query, onChange }: { query: string; onChange: (query: string) => void }) {
  const { t } = useLanguage()
  return (
    <search className={styles.filter}>
      <SearchIcon size={16} />
      <input
        type="text"
        dir={query === '' ? undefined : 'auto'}
        value={query}
        placeholder={t('inbox.filter')}
        aria-label={t('inbox.filter')}
        onChange={({ target }) => onChange(target.value)}
        onKeyDown={({ key }) => key === 'Escape' && onChange('')}
      />
      {query !== '' && (
        <IconButton
          size="small"
          label={t('inbox.filter.clear')}
          icon={<CloseIcon size={14} />}
          hasTip={false}
          onClick={() => onChange('')}
        />
      )}
    </search>
  )
}

interface RowsProps {
  readonly conversations: readonly ConversationView[]
  readonly emptyWords: string
}

function Rows({ conversations, emptyWords }: RowsProps) {
  const { t } = useLanguage()
  const [path] = useLocation()
  const open = path.startsWith('/c/') ? path.split('/')[2] : undefined
  if (conversations.length === 0) {
    return (
      <p className={styles.none} role="status">
        {emptyWords}
      </p>
    )
  }
  const current = conversations.filter(({ archived }) => !archived)
  const archived = conversations.filter(({ archived }) => archived)
  const rows = (views: readonly ConversationView[]) =>
    views.map((view) => <InboxRow key={view.id} view={view} isOpen={view.id === open} />)
  return (
    <div className={styles.scroll}>
      <ul className={styles.rows}>{rows(current)}</ul>
      {archived.length > 0 && (
        <>
          <h2 className={styles.section}>{t('inbox.archived')}</h2>
          <ul className={styles.rows}>{rows(archived)}</ul>
        </>
      )}
    </div>
  )
}
