import type { MessageItem } from '@parley/client'
import { lazy, memo, Suspense, useMemo, useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { useHandles, useName } from '../../people.ts'
import { persistent } from '../../platform/persistent.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Attachments } from './attachments.tsx'
import { type Delivery, deliveryOf } from './delivery.ts'
import { DeliveryMark } from './delivery-mark.tsx'
import { Failure } from './failure.tsx'
import { MessageText } from './markdown-view.tsx'
import type { MessageContext } from './message-context.ts'
import { Quote } from './quote.tsx'
import { Reactions } from './reactions.tsx'
import { arrivedLate, timeOf } from './rows.ts'
import styles from './message.module.css'

const MessageTools = lazy(persistent(() => import('./message-tools.tsx')))

interface MessageProps {
  readonly item: MessageItem
  readonly context: MessageContext
  readonly startsRun: boolean
  readonly endsRun: boolean
}

export const Message = memo(function Message({ item, context, startsRun, endsRun }: MessageProps) {
  const { t, formats } = useLanguage()
  const { self, ownHandle, isDirect } = context
  const isOwn = item.author === self
  const author = useName(item.author)
  const handles = useHandles(item.mentions)
  const delivery = useMemo(
    () => (isOwn ? deliveryOf(item, context.readers) : undefined),
    [item, isOwn, context.readers],
  )
  const mentionsSelf = !isOwn && (item.mentions.includes(self) || item.mentions.includes('everyone'))
  // The tools of a message are built when it is first pointed at: a screenful of them would cost more than the messages.
  const [isNear, setIsNear] = useState(false)
  const near = (): void => setIsNear(true)
  const hasFailed = delivery?.state === 'not-sent' || delivery?.state === 'not-saved'
  return (
    <article
      className={styles.message}
      data-own={isOwn || undefined}
      data-starts={startsRun || undefined}
      data-ends={endsRun || undefined}
      data-mentioned={mentionsSelf || undefined}
      data-failed={hasFailed || undefined}
      aria-label={t('message.by', {
        author: isOwn ? t('common.you') : author,
        time: formats.full(timeOf(item)),
      })}
      onPointerEnter={near}
      onFocus={near}
    >
      {!isOwn && !isDirect && (
        <span className={styles.face}>
          {endsRun && <Avatar id={item.author} name={author} size="small" />}
        </span>
      )}
      <div className={styles.column}>
        {!isOwn && !isDirect && startsRun && (
          <bdi className={styles.author} aria-hidden="true">
            {author}
          </bdi>
        )}
        <div className={styles.line}>
          <div className={styles.bubble}>
            {item.replyTo !== undefined && <Quote target={item.replyTo} onShow={context.onShow} />}
            {/* The time follows the direction of the text, so that it stands in the room the last line leaves. */}
            <div className={styles.content} dir="auto">
              {item.text !== '' && <MessageText text={item.text} handles={handles} ownHandle={ownHandle} />}
              <Attachments item={item} />
              <Meta item={item} delivery={delivery} />
            </div>
          </div>
          <Suspense>{isNear && <MessageTools item={item} context={context} />}</Suspense>
        </div>
        <Reactions conversation={context.conversation} item={item} self={self} mayReact={context.mayReact} />
        {hasFailed && <Failure item={item} delivery={delivery} context={context} />}
      </div>
    </article>
  )
})

function Meta({ item, delivery }: { item: MessageItem; delivery: Delivery | undefined }) {
  const { t, formats } = useLanguage()
  const at = timeOf(item)
  const late = arrivedLate(item)
  return (
    <span className={styles.meta}>
      {late && (
        <span className={styles.late}>
          {t('conversation.written', { written: formats.time(item.writtenAt), arrived: formats.time(at) })}
        </span>
      )}
      {!late && (
        <time dateTime={new Date(at).toISOString()} title={formats.full(at)}>
          {formats.time(at)}
        </time>
      )}
      {delivery !== undefined && <DeliveryMark delivery={delivery} />}
    </span>
  )
}
