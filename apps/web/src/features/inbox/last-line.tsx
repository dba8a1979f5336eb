import type { ConversationView } from '@parley/client'
import type { Event, MessageEvent, ReactionEvent } from '@parley/protocol'
import { useMemo } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { useNames } from '../../people.ts'
import { plainText } from '../conversation/markdown.ts'
import { noticePeople, noticeWords } from '../conversation/notice-words.ts'
import styles from './inbox.module.css'

/** The newest thing said, in one line without markup, with who said it. */
export function LastLineWords({ view }: { view: ConversationView }) {
  const { t } = useLanguage()
  const { lastLine } = view
  if (view.standing === 'left') return <Sentence words={t(view.isLost ? 'inbox.lost' : 'inbox.left')} />
  if (lastLine === undefined) return <Sentence words={t('inbox.nothing-said')} />
  if (lastLine.state === 'pending') {
    const { text, files } = lastLine
    const words = text === '' && files > 0 ? t('message.attachments', { count: files }) : plainText(text)
    return <Line author={t('common.you')} text={words} />
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
  const text = useMemo(() => plainText(event.text), [event.text])
  const files = event.attachments?.length ?? 0
  const words = text === '' && files > 0 ? t('message.attachments', { count: files }) : text
  // Of two people it is plain who wrote, unless it was oneself.
  return <Line author={isDirect && author !== t('common.you') ? undefined : author} text={words} />
}

/** The text is cut at its own end, whichever way it runs, and a long name leaves it half of the room. */
function Line({ author, text }: { author: string | undefined; text: string }) {
  const { t } = useLanguage()
  return (
    <>
      {author !== undefined && <span className={styles.by}>{t('inbox.by', { author })}</span>}{' '}
      <bdi className={styles.said}>{text}</bdi>
    </>
  )
}

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
