import type { MessageItem, Timeline } from '@parley/client'
import type { Seq, UserId } from '@parley/protocol'
import { useEffect, useRef, useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { useNames } from '../../people.ts'
import { plainText } from './markdown.ts'
import { seqOf } from './rows.ts'

/** What comes within this time is told together: one sentence each would be spoken long after. */
const GATHERING_MILLIS = 400

/** Says new messages of others to a screen reader; never what was there before, and never one's own. */
export function LiveRegion({ timeline, self }: { timeline: Timeline; self: UserId }) {
  const { t, formats } = useLanguage()
  const said = useNews(timeline, self)
  const authors = useNames([...new Set(said.map(({ author }) => author))])
  const [only] = said
  const words = (): string => {
    if (only === undefined) return ''
    if (said.length > 1)
      return t('conversation.live.several', { count: said.length, names: formats.list(authors) })
    const text = plainText(only.text)
    return t('conversation.live', {
      author: authors[0] ?? '',
      text: text === '' ? t('message.attachments', { count: only.attachments.length }) : text,
    })
  }
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {/* The same words again are another message: without an element of its own it would not be told. */}
      <span key={said.at(-1)?.id}>{words()}</span>
    </div>
  )
}

const NOTHING: readonly MessageItem[] = []

/** The messages of others that have come since the last time something was told. */
function useNews(timeline: Timeline, self: UserId): readonly MessageItem[] {
  const { items, hasNewer, lastSeq } = useObservable(timeline)
  const heardUpTo = useRef<Seq>(lastSeq)
  const gathered = useRef(NOTHING)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const [told, setTold] = useState(NOTHING)
  useEffect(() => {
    const last = items.findLast((item) => item.place.state === 'said')
    const seq = last && seqOf(last)
    const before = heardUpTo.current
    if (seq === undefined || seq <= before) return
    heardUpTo.current = seq
    // The first stretch to arrive is the conversation as it was, and what one scrolls through is no news.
    if (before === 0 || hasNewer) return
    const news = items.flatMap((item) =>
      item.kind === 'message' && item.author !== self && (seqOf(item) ?? 0) > before ? [item] : [],
    )
    gathered.current = [...gathered.current, ...news]
    if (gathered.current.length === 0) return
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      setTold(gathered.current)
      gathered.current = NOTHING
    }, GATHERING_MILLIS)
  }, [items, hasNewer, self])
  useEffect(() => () => clearTimeout(timer.current), [])
  return told
}
