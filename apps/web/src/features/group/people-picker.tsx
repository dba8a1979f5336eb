import type { rest, UserId } from '@parley/protocol'
import { type KeyboardEvent, useId, useRef, useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { CloseIcon } from '../../ui/icons.tsx'
import { usePeopleSearch } from './use-people-search.ts'
import styles from './group.module.css'

interface PeoplePickerProps {
  readonly chosen: readonly rest.User[]
  readonly onChange: (chosen: readonly rest.User[]) => void
  /** Already there, so not offered. */
  readonly except: ReadonlySet<UserId>
  readonly autoFocus?: boolean
  readonly label?: string
  /** As many as can be chosen; nobody else is offered then. */
  readonly most?: number
}

/** A box that finds people by username or name, and the chosen ones in it. */
export function PeoplePicker({
  chosen,
  onChange,
  except,
  autoFocus = false,
  label,
  most = Infinity,
}: PeoplePickerProps) {
  const { t } = useLanguage()
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [query, setQuery] = useState('')
  const [moved, setActive] = useState<number>()
  const search = usePeopleSearch(query)
  const isTaken = (user: rest.User): boolean => except.has(user.id) || chosen.some(({ id }) => id === user.id)
  const offered = chosen.length < most ? search.people.filter((user) => !isTaken(user)) : []
  // Whom nobody has asked for is only taken when gone to.
  const active = moved ?? (query.trim() === '' ? -1 : 0)
  const current = offered[Math.min(active, offered.length - 1)]

  const choose = (user: rest.User): void => {
    onChange([...chosen, user])
    setQuery('')
    setActive(undefined)
    input.current?.focus()
  }
  const remove = (user: rest.User): void => {
    onChange(chosen.filter(({ id }) => id !== user.id))
    input.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    // While an input method composes a word, Enter takes the word.
    if (event.nativeEvent.isComposing) return
    const last = chosen.at(-1)
    if (event.key === 'ArrowDown') setActive(Math.min(active + 1, offered.length - 1))
    else if (event.key === 'ArrowUp') setActive(Math.max(active - 1, 0))
    else if (event.key === 'Enter' && current !== undefined) choose(current)
    else if (event.key === 'Backspace' && query === '' && last !== undefined) remove(last)
    else if (event.key !== 'Enter' || query === '') return
    event.preventDefault()
  }
  const optionId = (user: rest.User): string => `${id}-${user.id}`
  return (
    <div className={styles.picker}>
      <label className={styles.label} htmlFor={id}>
        {label ?? t('group.people')}
      </label>
      <div className={styles.chips}>
        {chosen.length > 0 && (
          <ul aria-label={t('group.people.chosen')}>
            {chosen.map((user) => (
              <li key={user.id} className={styles.chip}>
                <Avatar id={user.id} name={user.name} size="tiny" />
                <bdi>{user.name}</bdi>
                <button
                  type="button"
                  aria-label={t('common.remove', { name: user.name })}
                  onClick={() => remove(user)}
                >
                  <CloseIcon size={12} />
                </button>
              </li>
            ))}
          </ul>
        )}
        <input
          ref={input}
          id={id}
          dir={query === '' ? undefined : 'auto'}
          value={query}
          placeholder={t('group.people.placeholder')}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus={autoFocus}
          role="combobox"
          aria-expanded={offered.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={current === undefined ? undefined : optionId(current)}
          onChange={({ target }) => {
            setQuery(target.value)
            setActive(undefined)
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <ul id={`${id}-list`} role="listbox" aria-label={t('group.people.results')} className={styles.people}>
        {offered.map((user) => (
          // The keys are the box's: it keeps the focus and names the active option.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
          <li
            key={user.id}
            id={optionId(user)}
            role="option"
            aria-selected={user === current}
            className={styles.person}
            onPointerMove={() => setActive(offered.indexOf(user))}
            // The box keeps the focus: choosing with the mouse goes on with typing.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(user)}
          >
            <Avatar id={user.id} name={user.name} size="small" />
            <bdi>{user.name}</bdi>
            <span dir="ltr" className={styles.handle}>
              @{user.username}
            </span>
          </li>
        ))}
      </ul>
      <SearchWords search={search.state} query={query.trim()} isEmpty={offered.length === 0} />
    </div>
  )
}

interface SearchWordsProps {
  readonly search: 'idle' | 'searching' | 'found' | 'unavailable'
  readonly query: string
  readonly isEmpty: boolean
}

function SearchWords({ search, query, isEmpty }: SearchWordsProps) {
  const { t } = useLanguage()
  const words =
    search === 'unavailable'
      ? t('group.people.offline')
      : search === 'searching' && isEmpty
        ? t('group.people.searching')
        : search === 'found' && isEmpty
          ? t('group.people.none', { query })
          : ''
  return (
    <p className={styles.words} role="status">
      {words}
    </p>
  )
}
