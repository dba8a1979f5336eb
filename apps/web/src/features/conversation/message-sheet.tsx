import type { MessageItem } from '@parley/client'
import { type ReactNode, useContext } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useName, useNames } from '../../people.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { CopyIcon, LinkIcon, ReplyIcon } from '../../ui/icons.tsx'
import { deliveryOf } from './delivery.ts'
import { plainText } from './markdown.ts'
import { type MessageContext, ReadersContext } from './message-context.ts'
import { QuickReactions } from './react-button.tsx'
import { ReaderList } from './reader-list.tsx'
import { timeOf } from './rows.ts'
import { useMessageDeeds } from './use-message-deeds.ts'
import styles from './message-sheet.module.css'

interface MessageSheetProps {
  readonly item: MessageItem
  readonly context: MessageContext
  readonly onClose: () => void
}

/** All that can be done with a message and known of it, within reach of a thumb. */
export default function MessageSheet({ item, context, onClose }: MessageSheetProps) {
  const account = useAccount()
  const { t, formats } = useLanguage()
  const deeds = useMessageDeeds(context)
  const author = useName(item.author)
  const { positions, others } = useContext(ReadersContext)
  const delivery = item.author === context.self ? deliveryOf(item, positions) : undefined
  const words = plainText(item.text)
  const way = (icon: ReactNode, label: string, act: (item: MessageItem) => void) => (
    <button
      type="button"
      className={styles.way}
      onClick={() => {
        onClose()
        act(item)
      }}
    >
      {icon}
      {label}
    </button>
  )
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t('message.sheet', { author: item.author === context.self ? t('common.you') : author })}
      lead={formats.full(timeOf(item))}
    >
      {words !== '' && (
        <p className={styles.words} dir="auto">
          {words}
        </p>
      )}
      {deeds.mayReact(item) && (
        <div className={styles.quick} role="group" aria-label={t('message.react')}>
          <QuickReactions
            onReact={(emoji) => {
              onClose()
              account.react(context.conversation, item.id, emoji, true)
            }}
          />
        </div>
      )}
      <div className={styles.ways}>
        {deeds.mayReply(item) && way(<ReplyIcon />, t('message.reply'), deeds.reply)}
        {deeds.mayCopy(item) && way(<CopyIcon />, t('message.copy'), deeds.copy)}
        {deeds.mayLink(item) && way(<LinkIcon />, t('message.copy-link'), deeds.copyLink)}
      </div>
      {item.reactions.map(({ emoji, users }) => (
        <ReactedLine key={emoji} emoji={emoji} users={users} />
      ))}
      {delivery?.state === 'read' && <ReaderList by={delivery.by} others={others} />}
    </Dialog>
  )
}

function ReactedLine({ emoji, users }: MessageItem['reactions'][number]) {
  const { t, formats } = useLanguage()
  return (
    <p className={styles.reacted}>{t('message.reacted', { names: formats.list(useNames(users)), emoji })}</p>
  )
}
