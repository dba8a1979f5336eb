import type { MessageItem } from '@parley/client'
import { useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { IconButton } from '../../ui/button.tsx'
import { CopyIcon, LinkIcon, MoreIcon, ReplyIcon } from '../../ui/icons.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import type { Opened } from './message.tsx'
import type { MessageContext } from './message-context.ts'
import { keyFor, type MessageDeed } from './message-keys.ts'
import { ReactButton } from './react-button.tsx'
import { useMessageDeeds } from './use-message-deeds.ts'
import styles from './message.module.css'

interface MessageToolsProps {
  readonly item: MessageItem
  readonly context: MessageContext
  readonly opened: Opened | undefined
  readonly onClosed: () => void
}

/** What can be done with one message: beside it while it is pointed at or has the focus. */
export default function MessageTools({ item, context, opened, onClosed }: MessageToolsProps) {
  const account = useAccount()
  const { t } = useLanguage()
  const deeds = useMessageDeeds(context)
  const [isMenuOpen, setIsMenuOpen] = useState(false)
  const [isReactOpen, setIsReactOpen] = useState(false)
  const close = (): void => {
    if (opened !== undefined) onClosed()
  }
  return (
    <div className={styles.tools}>
      {deeds.mayReact(item) && (
        <ReactButton
          isOpen={isReactOpen || opened === 'react'}
          onOpenChange={(isOpen) => {
            setIsReactOpen(isOpen)
            if (!isOpen) close()
          }}
          onReact={(emoji) => account.react(context.conversation, item.id, emoji, true)}
        />
      )}
      {deeds.mayReply(item) && (
        <IconButton
          size="small"
          label={t('message.reply')}
          icon={<ReplyIcon size={18} />}
          onClick={() => deeds.reply(item)}
        />
      )}
      <Menu
        isOpen={isMenuOpen || opened === 'menu'}
        onOpenChange={(isOpen) => {
          setIsMenuOpen(isOpen)
          if (!isOpen) close()
        }}
        trigger={<IconButton size="small" label={t('message.actions')} icon={<MoreIcon size={18} />} />}
      >
        {deeds.mayReply(item) && (
          <MenuItem icon={<ReplyIcon size={18} />} onSelect={() => deeds.reply(item)}>
            {t('message.reply')}
            <Key deed="reply" />
          </MenuItem>
        )}
        {deeds.mayCopy(item) && (
          <MenuItem icon={<CopyIcon size={18} />} onSelect={() => deeds.copy(item)}>
            {t('message.copy')}
            <Key deed="copy" />
          </MenuItem>
        )}
        {deeds.mayLink(item) && (
          <MenuItem icon={<LinkIcon size={18} />} onSelect={() => deeds.copyLink(item)}>
            {t('message.copy-link')}
            <Key deed="copy-link" />
          </MenuItem>
        )}
      </Menu>
    </div>
  )
}

/** The key that does the same, for eyes only: a screen reader's own keys come first there. */
const Key = ({ deed }: { deed: MessageDeed }) => (
  <kbd className={styles.key} aria-hidden="true">
    {keyFor(deed)}
  </kbd>
)
