import { type ConversationView, OutboxFull, type TooManyFiles, whyTooMany } from '@parley/client'
import { can, DEFAULT_LIMITS, type UserId } from '@parley/protocol'
import { lazy, type RefObject, Suspense, useEffect, useRef, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { persistent } from '../../platform/persistent.ts'
import { IconButton } from '../../ui/button.tsx'
import { CloseIcon, UpIcon } from '../../ui/icons.tsx'
import { QuoteWords } from '../conversation/quote.tsx'
import { titleOf } from '../inbox/titles.ts'
import { AttachButton } from './attach-button.tsx'
import { filesIn, useChoice } from './chosen-files.ts'
import { ChosenList } from './chosen-list.tsx'
import { EmojiButton } from './emoji-button.tsx'
import { insertText } from './insert-text.ts'
import { DropArea } from './drop-area.tsx'
import { mentionsIn } from './mentions.ts'
import { TextBox } from './text-box.tsx'
import { useDraft } from './use-draft.ts'
import { useDrop } from './use-drop.ts'
import { usePeople } from './use-people.ts'
import { useReply } from './use-reply.ts'
import { whyClosed } from './why-closed.ts'
import styles from './composer.module.css'

const NotFriends = lazy(persistent(() => import('../person/not-friends.tsx')))

interface ComposerProps {
  readonly view: ConversationView
  readonly self: UserId
  /** How often an answer was begun here. */
  readonly replies: number
}

export function Composer(props: ComposerProps) {
  const { t } = useLanguage()
  const closed = whyClosed(props.view, props.self)
  const { other } = props.view
  const isEnded = closed === 'compose.disabled.not_friends' && other !== undefined
  const words = closed === undefined || isEnded ? undefined : t(closed)
  return (
    <>
      {closed === undefined && <OpenComposer {...props} />}
      <div className={closed === undefined ? undefined : styles.composer}>
        {isEnded && (
          <Suspense>
            <NotFriends user={other} />
          </Suspense>
        )}
        {/* There before it has something to say, so that it is heard. */}
        <p className={words === undefined ? 'visually-hidden' : styles.closed} role="status">
          {words}
        </p>
      </div>
    </>
  )
}

function OpenComposer({ view, self, replies }: ComposerProps) {
  const account = useAccount()
  const { t, formats } = useLanguage()
  const [text, write, save] = useDraft(view.id)
  const link = useObservable(account.link)
  const tooLong = useExcess(text)
  const reply = useReply(view.id)
  const choice = useChoice(view.id)
  const welcome = useObservable(account.welcome)
  const tooMany = whyTooMany(choice.files, welcome?.limits)
  const isDroppedOn = useDrop(choice.add)
  const [full, setFull] = useState<OutboxFull>()
  const box = useRef<HTMLTextAreaElement>(null)
  const people = usePeople(view, self, text.includes('@'))
  const isSendable = (text.trim() !== '' || choice.files.length > 0) && tooLong === 0 && tooMany === undefined
  useFocus(box, replies)

  const send = (): void => {
    if (!isSendable) return
    const mentions = mentionsIn(text, people.memberOf, can(self, { do: 'mention-everyone' }, view))
    // What is sent is the draft: so it ends as one with the message's beginning, also when the window dies just now.
    save()
    try {
      account.send(view.id, {
        text: text.trim(),
        ...(reply.to === undefined ? {} : { replyTo: reply.to }),
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
    box.current?.focus()
  }
  const insertAtCaret = (inserted: string): void => {
    if (box.current !== null) insertText(box.current, inserted)
  }
  const tooManyWords = ({ limit, allowed, file = '' }: TooManyFiles): string =>
    limit === 'attachmentsPerMessage'
      ? t('compose.files.too-many', { count: allowed })
      : t('compose.files.too-large', { name: file, size: formats.bytes(allowed) })
  const title = titleOf(view, t)
  const isOffline = link.state === 'offline' || link.state === 'waiting'
  return (
    <>
      {isDroppedOn && <DropArea title={title} />}
      <form
        className={styles.composer}
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <div className={styles.box}>
          {reply.quoted !== undefined && (
            <div className={styles.reply}>
              <div className={styles.replyWords}>
                {reply.quoted === 'unknown' ? t('message.reply.unknown') : <QuoteWords {...reply.quoted} />}
              </div>
              <IconButton
                size="small"
                label={t('compose.reply.cancel')}
                icon={<CloseIcon size={16} />}
                hasTip={false}
                onClick={reply.end}
              />
            </div>
          )}
          <ChosenList choice={choice} />
          <div className={styles.line}>
            <AttachButton onChosen={choice.add} />
            <TextBox
              view={view}
              box={box}
              text={text}
              people={people}
              placeholder={t(isOffline ? 'compose.placeholder.offline' : 'compose.placeholder', { title })}
              onWrite={write}
              onLeave={save}
              onFiles={(files) => choice.add(filesIn(files))}
              onSend={send}
              onEscape={reply.end}
            />
            <EmojiButton onPick={insertAtCaret} />
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
      </form>
    </>
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
function useFocus(box: RefObject<HTMLTextAreaElement | null>, replies: number): void {
  useEffect(() => {
    if (replies > 0 || matchMedia('(hover: hover) and (pointer: fine)').matches) {
      box.current?.focus({ preventScroll: true })
    }
  }, [box, replies])
}
