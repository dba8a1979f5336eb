import type { ConversationView } from '@parley/client'
import type { Event, MessageEvent, ReactionEvent } from '@parley/protocol'
import { useMemo } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { useNames } from '../../people.ts'
import { plainText } from '../conversation/markdown.ts'
import { noticePeople, noticeWords } from '../conversation/notice-words.ts'

/** The newest thing said, in one line without markup, with who said it. */
export function LastLineWords({ view }: { view: ConversationView }) {
  const { t } = useLanguage()
  const { lastLine } = view
  if (view.standing === 'left') return t('inbox.left')
  if (lastLine === undefined) return t('inbox.nothing-said')
  if (lastLine.state === 'pending') {
    return t('inbox.line', { author: t('common.you'), text: plainText(lastLine.text) })
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
  return isDirect && author !== t('common.you') ? words : t('inbox.line', { author, text: words })
}

function SaidReaction({ event }: { event: ReactionEvent }) {
  const { t } = useLanguage()
  const [author = ''] = useNames([event.author])
  return t(event.on ? 'event.reaction.on' : 'event.reaction.off', { author, emoji: event.emoji })
}

function SaidNotice({ event }: { event: Extract<Event, { type: 'member' | 'meta' }> }) {
  const { t } = useLanguage()
  return noticeWords(event, useNames(noticePeople(event)), t)
}
