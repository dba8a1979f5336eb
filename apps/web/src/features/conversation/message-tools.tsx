import type { MessageItem } from '@parley/client'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { IconButton } from '../../ui/button.tsx'
import { CopyIcon, LinkIcon, MoreIcon, ReplyIcon } from '../../ui/icons.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import type { MessageContext } from './message-context.ts'
import { ReactButton } from './react-button.tsx'
import styles from './message.module.css'

/** What can be done with one message: beside it while it is pointed at or has the focus. */
export default function MessageTools({ item, context }: { item: MessageItem; context: MessageContext }) {
  const account = useAccount()
  const { t } = useLanguage()
  const { conversation, mayReact, maySend, onReply } = context
  const { place } = item
  const isSaid = place.state === 'said'
  const copy = (text: string): void => {
    // Refused by the browser only when the window has lost the focus meanwhile: then nothing was asked.
    navigator.clipboard.writeText(text).catch(() => undefined)
  }
  return (
    <div className={styles.tools}>
      {isSaid && mayReact && (
        <ReactButton onReact={(emoji) => account.react(conversation, item.id, emoji, true)} />
      )}
      {isSaid && maySend && (
        <IconButton
          size="small"
          label={t('message.reply')}
          icon={<ReplyIcon size={18} />}
          hasTip={false}
          onClick={() => onReply(item)}
        />
      )}
      <Menu
        trigger={
          <IconButton
            size="small"
            label={t('message.actions')}
            icon={<MoreIcon size={18} />}
            hasTip={false}
          />
        }
      >
        <MenuItem icon={<CopyIcon size={18} />} onSelect={() => copy(item.text)}>
          {t('message.copy')}
        </MenuItem>
        {isSaid && (
          <MenuItem
            icon={<LinkIcon size={18} />}
            onSelect={() => copy(`${location.origin}/c/${conversation}/${place.seq}`)}
          >
            {t('message.copy-link')}
          </MenuItem>
        )}
      </Menu>
    </div>
  )
}
