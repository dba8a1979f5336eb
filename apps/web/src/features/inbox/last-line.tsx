import type { ConversationView } from '@parley/client'
import type { Event, MessageEvent, ReactionEvent } from '@parley/protocol'
import { lazy, Suspense } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { useNames } from '../../people.ts'
import { persistent } from '../../platform/persistent.ts'
import { mayHaveMarkup } from '../conversation/markup.ts'
import { noticePeople, noticeWords } from '../conversation/notice-words.ts'
import styles from './inbox.module.css'

/** The parser comes beside the screen of a conversation: the list is on the screen without it. */
const PlainWords = lazy(persistent(() => import('./plain-words.tsx')))

/** The newest thing said, in one line without markup, with who said it. */
export function LastLineWords({ view }: { view: ConversationView }) {
  const { t } = useLanguage()
  const { lastLine } = view
  if (view.standing === 'left') return <Sentence words={t(view.isLost ? 'inbox.lost' : 'inbox.left')} />
  if (lastLine === undefined) return <Sentence words={t('inbox.nothing-said')} />
  if (lastLine.state === 'pending') {
    return <Line author={t('common.you')} text={lastLine.text} files={lastLine.files} />
  }
  return <Said event={lastLine.event} isDirect={view.kind === 'direct'} />
}

function Said({ event, isDirect }: { event: Event; isDirect: boolean }) {
  switch (event.type) {
    case 'message':
      return <SaidMessage event={event} isDirect={isDirect} />
    case 'reaction':
      return <SaidReaction event={event} />
    case 'member':
    case 'meta':
      return <SaidNotice event={event} />
  }
}

function SaidMessage({ event, isDirect }: { event: MessageEvent; isDirect: boolean }) {
  const { t } = useLanguage()
  const [author = ''] = useNames([event.author])
  const files = event.attachments?.length ?? 0
  // Of two people it is plain who wrote, unless it was oneself.
  const named = isDirect && author !== t('common.you') ? undefined : author
  return <Line author={named} text={event.text} files={files} />
}

interface LineProps {
  readonly author: string | undefined
  readonly text: string
  readonly files: number
}

/** The text is cut at its own end, whichever way it runs, and a long name leaves it half of the room. */
function Line({ author, text, files }: LineProps) {
  const { t } = useLanguage()
  const isOnlyFiles = text.trim() === '' && files > 0
  return (
    <>
      {author !== undefined && <By author={author} />}{' '}
      <bdi className={styles.said}>
        {isOnlyFiles ? t('message.attachments', { count: files }) : <Words text={text} />}
      </bdi>
    </>
  )
}

/** Of a long name the beginning stays, whichever way it runs beside the others. */
function By({ author }: { author: string }) {
  const { t } = useLanguage()
  const words = t('inbox.by', { author })
  const at = words.indexOf(author)
  return (
    <>
      <span className={styles.by} aria-hidden="true">
        {words.slice(0, at)}
        <bdi className={styles.byName}>{author}</bdi>
        {words.slice(at + author.length)}
      </span>
      {/* In one piece: what is laid out apart is spoken apart. */}
      <span className="visually-hidden">{words}</span>
    </>
  )
}

function Words({ text }: { text: string }) {
  // No line is longer, and most of a long text is nothing that the list needs.
  const line = text.slice(0, LINE_LENGTH)
  if (!mayHaveMarkup(line)) return line
  return (
    <Suspense fallback={line}>
      <PlainWords text={line} />
    </Suspense>
  )
}
const LINE_LENGTH = 400

function SaidReaction({ event }: { event: ReactionEvent }) {
  const { t } = useLanguage()
  const [author = ''] = useNames([event.author])
  const words = t(event.on ? 'event.reaction.on' : 'event.reaction.off', { author, emoji: event.emoji })
  return <Sentence words={words} />
}

function SaidNotice({ event }: { event: Extract<Event, { type: 'member' | 'meta' }> }) {
  const { t } = useLanguage()
  return <Sentence words={noticeWords(event, useNames(noticePeople(event)), t)} />
}

/** Our own words run as the app does, whoever they are about. */
const Sentence = ({ words }: { words: string }) => <span className={styles.said}>{words}</span>
