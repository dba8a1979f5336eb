import type { NoticeItem } from '@parley/client'
import { useLanguage } from '../../i18n/language.tsx'
import { useNames } from '../../people.ts'
import { noticePeople, noticeWords } from './notice-words.ts'
import styles from './timeline.module.css'

/** Members and the conversation itself changed: a quiet line. */
export function NoticeLine({ item: { event } }: { item: NoticeItem }) {
  const { t, formats } = useLanguage()
  const words = noticeWords(event, useNames(noticePeople(event)), t)
  return (
    <p className={styles.notice} title={formats.full(event.at)}>
      {words}
    </p>
  )
}
