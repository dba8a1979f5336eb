import type { MessageItem, ReplyTarget } from '@parley/client'
import { useLanguage } from '../../i18n/language.tsx'
import { useNames } from '../../people.ts'
import { FileIcon } from '../../ui/icons.tsx'
import { plainText } from './markdown.ts'
import styles from './message.module.css'

interface QuoteProps {
  readonly target: ReplyTarget
  readonly onShow: () => void
}

/** What a reply refers to; leads there. */
export function Quote({ target, onShow }: QuoteProps) {
  const { t } = useLanguage()
  return (
    <button type="button" className={styles.quote} onClick={onShow}>
      {target.state === 'unknown' ? t('message.reply.unknown') : <QuoteWords {...target} />}
    </button>
  )
}

export type Quoted = Pick<MessageItem, 'author' | 'text' | 'attachments'>

/** Who said it and what: of a message that is only files, what they are. */
export function QuoteWords({ author, text, attachments }: Quoted) {
  const { t } = useLanguage()
  const [name] = useNames([author])
  const words = plainText(text)
  const [first] = attachments
  return (
    <>
      <bdi className={styles.quoteAuthor}>{name}</bdi>
      <span className={styles.quoteText} dir="auto">
        {first !== undefined && <FileIcon size={14} />}
        {words !== ''
          ? words
          : first !== undefined && attachments.length === 1
            ? first.name
            : t('message.attachments', { count: attachments.length })}
      </span>
    </>
  )
}
