import type { ConversationView } from '@parley/client'
import { type KeyboardEvent, type RefObject, useLayoutEffect, useRef } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { named } from '../emoji/emoji-set.ts'
import { loadEmoji } from '../emoji/use-emoji.ts'
import { nameAt } from './completion.ts'
import { COMPLETION_LIST, CompletionList, optionId } from './completion-list.tsx'
import { insertText } from './insert-text.ts'
import { useCaret } from './use-caret.ts'
import { useCompletion } from './use-completion.ts'
import type { People } from './use-people.ts'
import { lineBreak, linked, marked, MARKS, type Writing } from './writing.ts'
import styles from './composer.module.css'

interface TextBoxProps {
  readonly view: ConversationView
  readonly box: RefObject<HTMLTextAreaElement | null>
  readonly text: string
  readonly placeholder: string
  readonly people: People
  readonly onWrite: (text: string) => void
  readonly onLeave: () => void
  readonly onFiles: (files: FileList) => void
  readonly onSend: () => void
  /** Escape, and nothing in the box wanted it. */
  readonly onEscape: () => void
}

/** With a finger there is a button to send with, and no other key that breaks a line. */
const breaksOnEnter = (): boolean => matchMedia('(pointer: coarse)').matches

const put = (box: HTMLTextAreaElement, { over, text, select }: Writing): void =>
  insertText(box, text, over, select)

/** What a list or a key has replaced comes back selected, and the next letter would write over it. */
function collapse(box: HTMLTextAreaElement): void {
  const { value, selectionStart, selectionEnd } = box
  if (/^([:@]\S*|\s*([-*+]|\d+[.)])\s+)$/.test(value.slice(selectionStart, selectionEnd)))
    box.setSelectionRange(selectionEnd, selectionEnd)
}

/** The text of a message being written, and the lists that help with it. */
export function TextBox({
  view,
  box,
  text,
  placeholder,
  people,
  onWrite,
  onLeave,
  onFiles,
  onSend,
  onEscape,
}: TextBoxProps) {
  const account = useAccount()
  const { t, locale } = useLanguage()
  const [caret, follow] = useCaret(box)
  const completion = useCompletion({ box, text, caret, people })
  const isFinger = breaksOnEnter()
  const frame = useRef<HTMLDivElement>(null)
  // It has grown only now: the line that the caret went to was not there when the browser looked for it.
  useLayoutEffect(() => {
    if (caret === text.length) frame.current?.scrollTo({ top: frame.current.scrollHeight })
  }, [caret, text])

  /** A whole `:name:` becomes its emoji, and undoing gives the name back. */
  const replaceName = async (): Promise<void> => {
    const element = box.current
    if (element === null) return
    const found = nameAt(element.value, element.selectionStart)
    if (found === undefined) return
    const written = element.value
    const emoji = named(await loadEmoji(locale), found.name)
    // Written on meanwhile: it stays as it is.
    if (emoji === undefined || element.value !== written || element.selectionStart !== found.to) return
    insertText(element, emoji.emoji, found)
    account.usedEmoji(emoji.emoji)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    const element = event.currentTarget
    // While an input method composes a word, Enter takes the word.
    if (event.nativeEvent.isComposing) return
    if (completion.onKeyDown(event)) return
    const selection = { from: element.selectionStart, to: element.selectionEnd }
    const sign = MARKS[event.key.toLowerCase()]
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && sign !== undefined) {
      event.preventDefault()
      put(element, marked(element.value, selection, sign))
    } else if (event.key === 'Enter') {
      const isBreak = event.shiftKey || (breaksOnEnter() && !event.ctrlKey && !event.metaKey)
      event.preventDefault()
      if (isBreak) put(element, lineBreak(element.value, selection))
      else onSend()
    } else if (event.key === 'ArrowUp' && !event.altKey && element.value === '') {
      const last = document.querySelector<HTMLElement>('[role="log"] [data-id] > [tabindex="0"]')
      if (last === null) return
      event.preventDefault()
      last.focus()
    } else if (event.key === 'Escape') onEscape()
  }
  return (
    <>
      <CompletionList completion={completion} areSomeUnknown={people.areSomeUnknown} />
      <div ref={frame} className={styles.grow} data-text={`${text} `}>
        <textarea
          ref={box}
          id="composer"
          rows={1}
          dir={text === '' ? undefined : 'auto'}
          value={text}
          aria-label={t('compose.label')}
          aria-describedby="composer-keys"
          aria-autocomplete="list"
          aria-controls={completion.active === undefined ? undefined : COMPLETION_LIST}
          aria-activedescendant={completion.active && optionId(completion.active)}
          placeholder={placeholder}
          enterKeyHint={isFinger ? 'enter' : 'send'}
          onChange={({ target, nativeEvent }) => {
            onWrite(target.value)
            follow()
            if (target.value.trim() === '') account.stopTyping(view.id)
            else account.typing(view.id)
            const { inputType, data } = nativeEvent as InputEvent
            if (inputType === 'historyUndo') collapse(target)
            // Undoing brings the name back, and it stays.
            if (inputType === 'insertText' && data === ':') void replaceName()
          }}
          onPaste={(event) => {
            const { files } = event.clipboardData
            const element = event.currentTarget
            if (files.length > 0) {
              // A copied picture comes with its address as text.
              event.preventDefault()
              onFiles(files)
              return
            }
            const selection = { from: element.selectionStart, to: element.selectionEnd }
            const link = linked(element.value, selection, event.clipboardData.getData('text/plain'))
            if (link === undefined) return
            event.preventDefault()
            put(element, link)
          }}
          onSelect={follow}
          onKeyUp={follow}
          onBlur={() => {
            onLeave()
            follow()
            account.stopTyping(view.id)
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <span id="composer-keys" className="visually-hidden">
        {t(isFinger ? 'compose.keys.touch' : 'compose.keys')}
      </span>
    </>
  )
}
