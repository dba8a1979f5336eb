import type { MessageItem } from '@parley/client'
import { lazy, memo, Suspense, useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { useHandles, useName } from '../../people.ts'
import { persistent } from '../../platform/persistent.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { PersonLink } from '../person/person-link.tsx'
import { Attachments } from './attachments.tsx'
import { failedDelivery } from './delivery.ts'
import { DeliveryMark } from './delivery-mark.tsx'
import { Failure } from './failure.tsx'
import { MessageText } from './markdown-view.tsx'
import type { MessageContext } from './message-context.ts'
import { directionOfEnd } from './markdown.ts'
import { Quote } from './quote.tsx'
import { Reactions } from './reactions.tsx'
import { arrivedLate, isMentioned, timeOf } from './rows.ts'
import styles from './message.module.css'

const MessageTools = lazy(persistent(() => import('./message-tools.tsx')))

interface MessageProps {
  readonly item: MessageItem
  readonly context: MessageContext
  readonly startsRun: boolean
  readonly endsRun: boolean
  /** The one message that the keyboard reaches first. */
  readonly isCurrent: boolean
  /** What a key has asked for that opens beside the message. */
  readonly opened: Opened | undefined
  readonly onClosed: () => void
}

export type Opened = 'react' | 'menu'

export const Message = memo(function Message(props: MessageProps) {
  const { item, context, startsRun, endsRun, isCurrent, opened, onClosed } = props
  const { t } = useLanguage()
  const { self, ownHandle, kind } = context
  const isOwn = item.author === self
  const hasFace = !isOwn && kind !== 'direct'
  const author = useName(item.author)
  const handles = useHandles(item.mentions)
  const failed = isOwn ? failedDelivery(item) : undefined
  // The tools of a message are built when it is first pointed at: a screenful of them would cost more than the messages.
  const [isNear, setIsNear] = useState(false)
  const near = (): void => setIsNear(true)
  const id = `message-${item.id}`
  return (
    <article
      className={styles.message}
      data-own={isOwn || undefined}
      data-starts={startsRun || undefined}
      data-ends={endsRun || undefined}
      data-mentioned={isMentioned(item, self) || undefined}
      data-failed={failed !== undefined || undefined}
      tabIndex={isCurrent ? 0 : -1}
      // Out of what is there anyway: said once, as it stands, and computed only when somebody listens.
      aria-labelledby={`${id}-by ${id}-bubble ${id}-reactions`}
      onPointerEnter={near}
      onFocus={near}
    >
      {!(hasFace && startsRun) && (
        <span id={`${id}-by`} className="visually-hidden">
          {t('message.author', { author: isOwn ? t('common.you') : author })}
        </span>
      )}
      {hasFace && (
        <span className={styles.face}>
          {endsRun && (
            <PersonLink user={item.author} isRepeated>
              <Avatar id={item.author} name={author} size="small" />
            </PersonLink>
          )}
        </span>
      )}
      <div className={styles.column}>
        {hasFace && startsRun && (
          <span className={styles.by} id={`${id}-by`}>
            <PersonLink user={item.author} className={styles.author}>
              <bdi>{author}</bdi>
            </PersonLink>
          </span>
        )}
        <div className={styles.line}>
          <div className={styles.bubble} id={`${id}-bubble`}>
            {item.replyTo !== undefined && <Reply item={item} target={item.replyTo} context={context} />}
            {/* The time follows the direction of the text, so that it stands in the room the last line leaves. */}
            <div className={styles.content} dir={directionOfEnd(item.text)}>
              {item.text !== '' && <MessageText text={item.text} handles={handles} ownHandle={ownHandle} />}
              <Attachments item={item} />
              <Meta item={item} isOwn={isOwn} />
            </div>
          </div>
          <Suspense>
            {(isNear || opened !== undefined) && (
              <MessageTools item={item} context={context} opened={opened} onClosed={onClosed} />
            )}
          </Suspense>
        </div>
        <div id={`${id}-reactions`}>
          <Reactions
            conversation={context.conversation}
            item={item}
            self={self}
            mayReact={context.mayReact}
          />
        </div>
        {failed !== undefined && <Failure item={item} delivery={failed} context={context} />}
      </div>
    </article>
  )
})

interface ReplyProps {
  readonly item: MessageItem
  readonly target: NonNullable<MessageItem['replyTo']>
  readonly context: MessageContext
}

const Reply = ({ item, target, context }: ReplyProps) => (
  <Quote target={target} onShow={() => context.onShow(target.id, item.id)} />
)

function Meta({ item, isOwn }: { item: MessageItem; isOwn: boolean }) {
  const { t, formats } = useLanguage()
  const at = timeOf(item)
  const late = arrivedLate(item)
  return (
    <span className={styles.meta}>
      {late && (
        <span className={styles.late} title={formats.full(at)}>
          {t('conversation.written', { written: formats.time(item.writtenAt), arrived: formats.time(at) })}
        </span>
      )}
      {!late && (
        <time dateTime={new Date(at).toISOString()} title={formats.full(at)}>
          {formats.time(at)}
        </time>
      )}
      {isOwn && <DeliveryMark item={item} />}
    </span>
  )
}
