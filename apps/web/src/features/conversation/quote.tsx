import type { ReplyTarget } from '@parley/client'
import type { EventId, UserId } from '@parley/protocol'
import { useLanguage } from '../../i18n/language.tsx'
import { useNames } from '../../people.ts'
import { plainText } from './markdown.ts'
import styles from './message.module.css'

interface QuoteProps {
  readonly target: ReplyTarget
  readonly onShow: (event: EventId) => void
}

/** What a reply refers to; leads there. */
export function Quote({ target, onShow }: QuoteProps) {
  const { t } = useLanguage()
  return (
    <button type="button" className={styles.quote} onClick={() => onShow(target.id)}>
      {target.state === 'unknown' ? (
        t('message.reply.unknown')
      ) : (
        <QuoteWords author={target.author} text={target.text} />
      )}
    </button>
  )
}

export function QuoteWords({ author, text }: { author: UserId; text: string }) {
  const [name] = useNames([author])
  return (
    <>
      <bdi className={styles.quoteAuthor}>{name}</bdi>
      <span className={styles.quoteText} dir="auto">
        {plainText(text)}
      </span>
    </>
  )
}
