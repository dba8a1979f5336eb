import { Dialog } from '@base-ui/react/dialog'
import { type KeyboardEvent, useDeferredValue, useId, useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { IconButton } from '../../ui/button.tsx'
import { CloseIcon, SearchIcon } from '../../ui/icons.tsx'
import { type Choice, conversationChoices, peopleChoices } from './choices.ts'
import { ChoiceGroup } from './choice-group.tsx'
import { SearchedWords } from './searched-words.tsx'
import { useMessageSearch } from './use-message-search.ts'
import styles from './search.module.css'

/** Longer queries the server refuses. */
const LONGEST = 500

/** One box for conversations, people and messages: on this device, and on the server for what is not here. */
export default function SearchBox({ onClose }: { onClose: () => void }) {
  const { t } = useLanguage()
  const account = useAccount()
  const [, navigate] = useLocation()
  const id = useId()
  const [typed, setTyped] = useState('')
  const [active, setActive] = useState<string>()
  const wanted = useDeferredValue(typed.trim())
  const list = useObservable(account.conversations)
  const { friends } = useObservable(account.friends)
  const history = useObservable(account.history)
  const link = useObservable(account.link)
  const isHere = history.held >= history.total
  const messages = useMessageSearch(wanted, link.state === 'live' && !isHere)

  const views = useMemo(() => (list.state === 'known' ? list.conversations : []), [list])
  const groups = useMemo(() => {
    const found = messages.hits.map((hit): Choice => ({ kind: 'message', key: hit.event.id, hit }))
    return [
      { label: t('search.conversations'), choices: conversationChoices(views, wanted, t) },
      { label: t('search.people'), choices: peopleChoices(friends, views, wanted) },
      {
        label: t('search.messages'),
        choices: [...(wanted === '' ? [] : found), ...(messages.more && wanted !== '' ? [MORE] : [])],
      },
    ].filter(({ choices }) => choices.length > 0)
  }, [messages.hits, messages.more, friends, views, wanted, t])
  const all = groups.flatMap(({ choices }) => choices)
  // What was chosen may be gone by what was typed since.
  const place = Math.max(
    0,
    all.findIndex(({ key }) => key === active),
  )
  const current = all[place]
  const optionId = ({ key }: Choice): string => `${id}-${key}`

  const open = (choice: Choice): void => {
    if (choice.kind === 'more') return messages.more?.()
    onClose()
    if (choice.kind === 'conversation') navigate(`/c/${choice.view.id}`)
    else if (choice.kind === 'person') navigate(`/c/${account.openDirect(choice.person.id).conversation}`)
    else navigate(`/c/${choice.hit.conversation}/${choice.hit.event.seq}`)
  }
  const moveTo = (next: number): void => {
    const choice = all[(next + all.length) % all.length]
    if (choice === undefined) return
    setActive(choice.key)
    document.getElementById(optionId(choice))?.scrollIntoView({ block: 'nearest' })
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'ArrowDown') moveTo(place + 1)
    else if (event.key === 'ArrowUp') moveTo(place - 1)
    else if (event.key === 'Enter' && current !== undefined) open(current)
    else return
    event.preventDefault()
  }
  const isLooking = messages.device === 'searching' || messages.server === 'searching'
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup className={styles.popup}>
          <Dialog.Title className={styles.hidden}>{t('search.title')}</Dialog.Title>
          <search className={styles.box}>
            <SearchIcon />
            <input
              type="text"
              dir={typed === '' ? undefined : 'auto'}
              value={typed}
              maxLength={LONGEST}
              placeholder={t('search.placeholder')}
              aria-label={t('search.title')}
              autoFocus
              autoComplete="off"
              spellCheck={false}
              role="combobox"
              aria-expanded={all.length > 0}
              aria-controls={`${id}-list`}
              aria-autocomplete="list"
              aria-activedescendant={current === undefined ? undefined : optionId(current)}
              onChange={({ target }) => {
                setTyped(target.value)
                setActive(undefined)
              }}
              onKeyDown={onKeyDown}
            />
            <Dialog.Close
              render={
                <IconButton label={t('common.close')} icon={<CloseIcon />} size="small" hasTip={false} />
              }
            />
          </search>
          <div id={`${id}-list`} role="listbox" aria-label={t('search.results')} className={styles.results}>
            {groups.map(({ label, choices }) => (
              <ChoiceGroup
                key={label}
                label={label}
                choices={choices}
                current={current}
                optionId={optionId}
                onPoint={({ key }) => setActive(key)}
                onOpen={open}
              />
            ))}
          </div>
          {wanted !== '' && !isLooking && all.length === 0 && (
            <p className={styles.none} role="status">
              {t('search.none', { query: wanted })}
            </p>
          )}
          <SearchedWords
            isEmpty={wanted === ''}
            device={messages.device}
            server={messages.server}
            isComplete={isHere}
          />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

const MORE: Choice = { kind: 'more', key: 'more' }
