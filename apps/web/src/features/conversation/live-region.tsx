import type { Timeline } from '@parley/client'
import type { UserId } from '@parley/protocol'
import { useEffect, useRef, useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { useNames } from '../../people.ts'
import { plainText } from './markdown.ts'
import { seqOf } from './rows.ts'

/** Says new messages of others to a screen reader; never what was there before, and never one's own. */
export function LiveRegion({ timeline, self }: { timeline: Timeline; self: UserId }) {
  const { t } = useLanguage()
  const { items, hasNewer, lastSeq } = useObservable(timeline)
  const heardUpTo = useRef(lastSeq)
  const last = items.findLast((item) => item.place.state === 'said')
  const isNews = last?.kind === 'message' && last.author !== self && !hasNewer
  const [said, setSaid] = useState<{
    readonly author: UserId
    readonly text: string
    readonly files: number
  }>()
  useEffect(() => {
    const seq = last === undefined ? undefined : seqOf(last)
    if (seq === undefined || seq <= heardUpTo.current) return
    // The first stretch to arrive is the conversation as it was, not news.
    const isFirst = heardUpTo.current === 0
    heardUpTo.current = seq
    if (isNews && !isFirst)
      setSaid({ author: last.author, text: plainText(last.text), files: last.attachments.length })
  }, [last, isNews])
  const [author = ''] = useNames(said === undefined ? [] : [said.author])
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {said !== undefined &&
        t('conversation.live', {
          author,
          text: said.text === '' ? t('message.attachments', { count: said.files }) : said.text,
        })}
    </div>
  )
}
