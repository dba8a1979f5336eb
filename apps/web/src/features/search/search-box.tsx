import { Dialog } from '@base-ui/react/dialog'
import { type KeyboardEvent, useDeferredValue, useId, useMemo, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { IconButton } from '../../ui/button.tsx'
import { CloseIcon, SearchIcon } from '../../ui/icons.tsx'
import { commandsFound, isForCommands } from '../commands/commands.ts'
import { useOpenConversation } from '../commands/open-conversation.ts'
import { useCommands } from '../commands/use-commands.ts'
import { titleOf } from '../inbox/titles.ts'
import { type Choice, conversationChoices, peopleChoices } from './choices.ts'
import { ChoiceGroup } from './choice-group.tsx'
import { SearchedWords } from './searched-words.tsx'
import { useMessageSearch } from './use-message-search.ts'
import panel from '../../ui/panel.module.css'
import styles from './search.module.css'

/** Longer queries the server refuses. */
const LONGEST = 500

interface SearchBoxProps {
  /** Limited to the conversation on the screen, until that is taken away. */
  readonly isHere: boolean
  readonly onClose: () => void
}

/** One box for conversations, people and messages: on this device, and on the server for what is not here. */
export default function SearchBox({ isHere, onClose }: SearchBoxProps) {
  const { t } = useLanguage()
  const account = useAccount()
  const [, navigate] = useLocation()
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  // The box takes the focus as soon as it is there: where it was before is known only until then.
  const [opener] = useState(() => document.activeElement)
  const [typed, setTyped] = useState('')
  const [active, setActive] = useState<string>()
  const wanted = useDeferredValue(typed.trim())
  const list = useObservable(account.conversations)
  const { friends } = useObservable(account.friends)
  const history = useObservable(account.history)
  const link = useObservable(account.link)
  const isComplete = history.held >= history.total
  const commands = useCommands()
  // What looks for a command is in no message.
  const asked = isForCommands(wanted) ? '' : wanted
  const views = useMemo(() => (list.state === 'known' ? list.conversations : []), [list])
  const open = useOpenConversation()
  const [within, setWithin] = useState(isHere ? open : undefined)
  const place = views.find((view) => view.id === within)
  const messages = useMessageSearch({ typed: asked, within: place?.id }, link.state === 'live' && !isComplete)

  const isLimited = place !== undefined
  const groups = useMemo(() => {
    const found = messages.hits.map((hit): Choice => ({ kind: 'message', key: hit.event.id, hit }))
    const doable = commandsFound(commands, wanted).map((command): Choice => ({
      kind: 'command',
      key: command.id,
      command,
    }))
    if (isForCommands(wanted))
      return [{ label: t('search.commands'), choices: doable }].filter(({ choices }) => choices.length > 0)
    const said = {
      label: t('search.messages'),
      choices: [...(wanted === '' ? [] : found), ...(messages.more && wanted !== '' ? [MORE] : [])],
    }
    const elsewhere = [
      { label: t('search.conversations'), choices: conversationChoices(views, wanted, t) },
      { label: t('search.people'), choices: peopleChoices(friends, views, wanted) },
      { label: t('search.commands'), choices: doable },
    ]
    return [...(isLimited ? [] : elsewhere), said].filter(({ choices }) => choices.length > 0)
  }, [messages.hits, messages.more, friends, views, commands, wanted, isLimited, t])
  const all = groups.flatMap(({ choices }) => choices)
  // What was chosen may be gone by what was typed since.
  const at = Math.max(
    0,
    all.findIndex(({ key }) => key === active),
  )
  const current = all[at]
  const optionId = ({ key }: Choice): string => `${id}-${key}`

  const take = (choice: Choice): void => {
    if (choice.kind === 'more') return messages.more?.()
    onClose()
    if (choice.kind === 'command') choice.command.run()
    else if (choice.kind === 'conversation') navigate(`/c/${choice.view.id}`)
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
    if (event.key === 'ArrowDown') moveTo(at + 1)
    else if (event.key === 'ArrowUp') moveTo(at - 1)
    else if (event.key === 'Enter' && current !== undefined) take(current)
    else if (event.key === 'Backspace' && typed === '' && isLimited) setWithin(undefined)
    else return
    event.preventDefault()
  }
  const title = place === undefined ? t('search.title') : t('search.in', { title: titleOf(place, t) })
  const isLooking = messages.device === 'searching' || messages.server === 'searching'
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={panel.backdrop} />
        <Dialog.Popup
          className={styles.popup}
          initialFocus={input}
          finalFocus={() => (opener instanceof HTMLElement && opener.isConnected ? opener : true)}
        >
          <Dialog.Title className={styles.hidden}>{title}</Dialog.Title>
          <search className={styles.box}>
            <SearchIcon />
            {place !== undefined && (
              <span className={styles.within}>
                <bdi>{titleOf(place, t)}</bdi>
                <button
                  type="button"
                  aria-label={t('search.everywhere')}
                  title={t('search.everywhere')}
                  onClick={() => {
                    setWithin(undefined)
                    input.current?.focus()
                  }}
                >
                  <CloseIcon size={14} />
                </button>
              </span>
            )}
            <input
              ref={input}
              type="text"
              dir={typed === '' ? undefined : 'auto'}
              value={typed}
              maxLength={LONGEST}
              placeholder={t(isLimited ? 'search.placeholder.here' : 'search.placeholder')}
              aria-label={title}
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
                onOpen={take}
              />
            ))}
          </div>
          {wanted !== '' && !isLooking && all.length === 0 && (
            <p className={styles.none} role="status">
              {t('search.none', { query: wanted })}
            </p>
          )}
          <SearchedWords
            isEmpty={asked === ''}
            device={messages.device}
            server={messages.server}
            isComplete={isComplete}
          />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

const MORE: Choice = { kind: 'more', key: 'more' }
