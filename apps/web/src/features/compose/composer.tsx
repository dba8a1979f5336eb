import { type ConversationView, OutboxFull, type TooManyFiles, whyTooMany } from '@parley/client'
import { can, DEFAULT_LIMITS, type UserId } from '@parley/protocol'
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { IconButton } from '../../ui/button.tsx'
import { CloseIcon, UpIcon } from '../../ui/icons.tsx'
import { QuoteWords } from '../conversation/quote.tsx'
import { titleOf } from '../inbox/titles.ts'
import type { Answered } from '../conversation/message-context.ts'
import { AttachButton } from './attach-button.tsx'
import { filesIn, useChoice } from './chosen-files.ts'
import { ChosenList } from './chosen-list.tsx'
import { MENTION_LIST, MentionList, optionId } from './mention-list.tsx'
import { mentionsIn } from './mentions.ts'
import { useCompletion } from './use-completion.ts'
import { useDraft } from './use-draft.ts'
import { useDrop } from './use-drop.ts'
import { whyClosed } from './why-closed.ts'
import styles from './composer.module.css'

interface ComposerProps {
  readonly view: ConversationView
  readonly self: UserId
  readonly reply: Answered | undefined
  readonly onReplyEnd: () => void
}

export function Composer(props: ComposerProps) {
  const { t } = useLanguage()
  const closed = whyClosed(props.view, props.self)
  if (closed === undefined) return <OpenComposer {...props} />
  return (
    <div className={styles.composer}>
      <p className={styles.closed} role="status">
        {t(closed)}
      </p>
    </div>
  )
}

function OpenComposer({ view, self, reply, onReplyEnd }: ComposerProps) {
  const account = useAccount()
  const { t, formats } = useLanguage()
  const [text, write, save] = useDraft(view.id)
  const link = useObservable(account.link)
  const tooLong = useExcess(text)
  const choice = useChoice(view.id)
  const welcome = useObservable(account.welcome)
  const tooMany = whyTooMany(choice.files, welcome?.limits)
  const isDroppedOn = useDrop(choice.add)
  const [full, setFull] = useState<OutboxFull>()
  const box = useRef<HTMLTextAreaElement>(null)
  const completion = useCompletion({ view, self, box, text, write })
  const isSendable = (text.trim() !== '' || choice.files.length > 0) && tooLong === 0 && tooMany === undefined
  useFocus(box, reply)

  const send = (): void => {
    if (!isSendable) return
    const mentions = mentionsIn(
      text,
      (handle) => memberOf(handle),
      can(self, { do: 'mention-everyone' }, view),
    )
    // What is sent is the draft: so it ends as one with the message's beginning, also when the window dies just now.
    save()
    try {
      account.send(view.id, {
        text: text.trim(),
        ...(reply === undefined ? {} : { replyTo: reply.id }),
        ...(mentions.length === 0 ? {} : { mentions }),
        ...(choice.files.length === 0 ? {} : { attachments: choice.files }),
      })
    } catch (error) {
      if (!(error instanceof OutboxFull)) throw error
      // The text stays, to be sent when there is room.
      setFull(error)
      return
    }
    setFull(undefined)
    account.stopTyping(view.id)
    write('')
    choice.clear()
    onReplyEnd()
    box.current?.focus()
  }
  const memberOf = (handle: string): UserId | undefined =>
    [...view.members.keys()].find((id) => account.profile(id).get()?.username === handle)
  const onKeyDown = (event: KeyboardEvent): void => {
    // While an input method composes a word, Enter takes the word.
    if (event.nativeEvent.isComposing) return
    if (completion.onKeyDown(event)) return
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      send()
    }
    if (event.key === 'Escape' && reply !== undefined) onReplyEnd()
  }
  const tooManyWords = ({ limit, allowed, file = '' }: TooManyFiles): string =>
    limit === 'attachmentsPerMessage'
      ? t('compose.files.too-many', { count: allowed })
      : t('compose.files.too-large', { name: file, size: formats.bytes(allowed) })
  const title = titleOf(view, t)
  const isOffline = link.state === 'offline' || link.state === 'waiting'
  return (
    <form
      className={styles.composer}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <MentionList completion={completion} />
      <div className={styles.box} data-dropping={isDroppedOn || undefined}>
        {reply !== undefined && (
          <div className={styles.reply}>
            <div className={styles.replyWords}>
              <QuoteWords author={reply.author} text={reply.text} />
            </div>
            <IconButton
              size="small"
              label={t('compose.reply.cancel')}
              icon={<CloseIcon size={16} />}
              hasTip={false}
              onClick={onReplyEnd}
            />
          </div>
        )}
        <ChosenList choice={choice} />
        <div className={styles.line}>
          <AttachButton onChosen={choice.add} />
          <div className={styles.grow} data-text={`${text} `}>
            <textarea
              ref={box}
              id="composer"
              rows={1}
              dir={text === '' ? undefined : 'auto'}
              value={text}
              aria-label={t('compose.label')}
              aria-describedby="composer-keys"
              aria-autocomplete="list"
              aria-controls={completion.active === undefined ? undefined : MENTION_LIST}
              aria-activedescendant={completion.active && optionId(completion.active)}
              placeholder={t(isOffline ? 'compose.placeholder.offline' : 'compose.placeholder', { title })}
              enterKeyHint="send"
              onChange={({ target }) => {
                write(target.value)
                completion.onMove()
                if (target.value.trim() === '') account.stopTyping(view.id)
                else account.typing(view.id)
              }}
              onPaste={(event) => {
                const pasted = filesIn(event.clipboardData.files)
                if (pasted.length === 0) return
                // A copied picture comes with its address as text.
                event.preventDefault()
                choice.add(pasted)
              }}
              onSelect={completion.onMove}
              onKeyUp={completion.onMove}
              onBlur={() => {
                save()
                completion.onMove()
                account.stopTyping(view.id)
              }}
              onKeyDown={onKeyDown}
            />
          </div>
          <IconButton
            type="submit"
            look="primary"
            className={styles.send ?? ''}
            label={t('compose.send')}
            icon={<UpIcon />}
            disabled={!isSendable}
          />
        </div>
        {full !== undefined && (
          <p className={styles.tooLong} role="alert">
            {t('compose.outbox-full', { count: full.limit })}
          </p>
        )}
        {tooMany !== undefined && (
          <p className={styles.tooLong} role="alert">
            {tooManyWords(tooMany)}
          </p>
        )}
        {tooLong > 0 && (
          <p className={styles.tooLong} role="alert">
            {t('compose.too-long', { count: tooLong })}
          </p>
        )}
      </div>
      <span id="composer-keys" className="visually-hidden">
        {t('compose.keys')}
      </span>
    </form>
  )
}

/** How far a text exceeds what the server takes, in bytes; 0: it fits. */
function useExcess(text: string): number {
  const welcome = useObservable(useAccount().welcome)
  const limit = welcome?.limits['messageBytes'] ?? DEFAULT_LIMITS.messageBytes
  // No text of up to a third of the limit can exceed it: counting bytes on each key would be for nothing.
  if (text.length * 3 <= limit) return 0
  return Math.max(0, new TextEncoder().encode(text.trim()).length - limit)
}

/** With a keyboard, opening a conversation or answering means writing next; on a phone it would only cover the text. */
function useFocus(box: RefObject<HTMLTextAreaElement | null>, reply: Answered | undefined): void {
  useEffect(() => {
    if (reply !== undefined || matchMedia('(hover: hover) and (pointer: fine)').matches) {
      box.current?.focus({ preventScroll: true })
    }
  }, [box, reply])
}
