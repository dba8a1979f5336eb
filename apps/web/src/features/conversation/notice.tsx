import type { NoticeItem } from '@parley/client'
import type { MemberEvent } from '@parley/protocol'
import { useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { useNames } from '../../people.ts'
import { foldedWords, noticePeople, noticeWords } from './notice-words.ts'
import styles from './timeline.module.css'

/** More names than this are counted, until they are asked for. */
const NAMED = 3

/** Members and the conversation itself changed: a quiet line, also for several changes that are alike. */
export function NoticeLine({ notices }: { notices: readonly NoticeItem[] }) {
  const first = notices[0]
  if (first === undefined) return null
  if (notices.length > 1 && first.event.type === 'member')
    return <FoldedLine first={first.event} notices={notices} />
  return <SingleLine notice={first} />
}

function SingleLine({ notice: { event } }: { notice: NoticeItem }) {
  const { t, formats } = useLanguage()
  const words = noticeWords(event, useNames(noticePeople(event)), t)
  return (
    <p className={styles.notice} title={formats.full(event.at)}>
      {words}
    </p>
  )
}

function FoldedLine({ first, notices }: { first: MemberEvent; notices: readonly NoticeItem[] }) {
  const { t, formats } = useLanguage()
  const [isWhole, setIsWhole] = useState(false)
  const users = notices.flatMap(({ event }) => (event.type === 'member' ? [event.user] : []))
  const isLong = users.length > NAMED
  const named = isLong && !isWhole ? users.slice(0, NAMED - 1) : users
  const [author = t('common.someone'), ...names] = useNames([first.author, ...named])
  const words = foldedWords(first, { author, users: names, others: users.length - named.length }, t, formats)
  return (
    <p className={styles.notice} title={formats.full(first.at)}>
      {isLong ? (
        <button type="button" aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)}>
          {words}
        </button>
      ) : (
        words
      )}
    </p>
  )
}
