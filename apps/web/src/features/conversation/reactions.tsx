import { Popover } from '@base-ui/react/popover'
import type { MessageItem, ReactionTally } from '@parley/client'
import type { ConversationId, UserId } from '@parley/protocol'
import { type ReactElement, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useNames } from '../../people.ts'
import { IconButton } from '../../ui/button.tsx'
import { ReactIcon } from '../../ui/icons.tsx'
import { Tip } from '../../ui/tip.tsx'
import styles from './reactions.module.css'

const QUICK = ['👍', '❤️', '😂', '🎉', '😮', '😢', '🙏', '👀']

interface ReactionsProps {
  readonly conversation: ConversationId
  readonly item: MessageItem
  readonly self: UserId
  readonly mayReact: boolean
}

export function Reactions({ conversation, item, self, mayReact }: ReactionsProps) {
  const account = useAccount()
  const { t } = useLanguage()
  if (item.reactions.length === 0) return null
  return (
    <ul className={styles.reactions}>
      {item.reactions.map((tally) => {
        const isOwn = tally.users.includes(self)
        return (
          <li key={tally.emoji}>
            <Who tally={tally}>
              <button
                type="button"
                className={styles.reaction}
                aria-pressed={isOwn}
                aria-label={t('message.reaction', { emoji: tally.emoji, count: tally.users.length })}
                disabled={!mayReact}
                onClick={() => account.react(conversation, item.id, tally.emoji, !isOwn)}
              >
                <span aria-hidden="true">{tally.emoji}</span>
                <span aria-hidden="true">{tally.users.length}</span>
              </button>
            </Who>
          </li>
        )
      })}
    </ul>
  )
}

function Who({ tally, children }: { tally: ReactionTally; children: ReactElement<Record<string, unknown>> }) {
  const { formats } = useLanguage()
  return (
    <Tip text={formats.list(useNames(tally.users))} side="top">
      {children}
    </Tip>
  )
}

interface ReactButtonProps {
  readonly onReact: (emoji: string) => void
}

export function ReactButton({ onReact }: ReactButtonProps) {
  const { t } = useLanguage()
  const [isOpen, setIsOpen] = useState(false)
  return (
    <Popover.Root open={isOpen} onOpenChange={setIsOpen}>
      <Popover.Trigger
        render={<IconButton size="small" label={t('message.react')} icon={<ReactIcon size={18} />} hasTip={false} />}
      />
      <Popover.Portal>
        <Popover.Positioner side="top" sideOffset={6} className={styles.positioner}>
          <Popover.Popup className={styles.picker} aria-label={t('message.react')}>
            {QUICK.map((emoji) => (
              <button
                key={emoji}
                type="button"
                aria-label={t('message.react.with', { emoji })}
                onClick={() => {
                  setIsOpen(false)
                  onReact(emoji)
                }}
              >
                {emoji}
              </button>
            ))}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
