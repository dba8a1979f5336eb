import { Popover } from '@base-ui/react/popover'
import { lazy, Suspense, useRef, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { IconButton } from '../../ui/button.tsx'
import { persistent } from '../../platform/persistent.ts'
import { PlusIcon, ReactIcon } from '../../ui/icons.tsx'
import { quickEmoji } from './quick-emoji.ts'
import panel from '../../ui/panel.module.css'
import styles from './reactions.module.css'

const EmojiPopover = lazy(persistent(() => import('../emoji/emoji-popover.tsx')))

interface ReactButtonProps {
  readonly isOpen: boolean
  readonly onOpenChange: (isOpen: boolean) => void
  readonly onReact: (emoji: string) => void
}

export function ReactButton({ isOpen, onOpenChange, onReact }: ReactButtonProps) {
  const { t } = useLanguage()
  const anchor = useRef<HTMLButtonElement>(null)
  const [isPicking, setIsPicking] = useState(false)
  const quick = (
    <Popover.Root open={isOpen} onOpenChange={onOpenChange}>
      <Popover.Trigger
        ref={anchor}
        render={<IconButton size="small" label={t('message.react')} icon={<ReactIcon size={18} />} />}
      />
      <Popover.Portal>
        <Popover.Positioner side="top" sideOffset={6} className={panel.above}>
          <Popover.Popup
            className={[panel.panel, panel.opening, styles.picker].join(' ')}
            aria-label={t('message.react')}
          >
            <QuickReactions
              onReact={(emoji) => {
                onOpenChange(false)
                onReact(emoji)
              }}
            />
            <button
              type="button"
              aria-label={t('message.react.more')}
              onClick={() => {
                onOpenChange(false)
                setIsPicking(true)
              }}
            >
              <PlusIcon />
            </button>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
  return (
    // The tools stay in sight while something is open beside them.
    <span data-popup-open={isPicking || undefined}>
      {quick}
      <Suspense>
        {isPicking && (
          <EmojiPopover anchor={anchor.current} isOpen onClose={() => setIsPicking(false)} onPick={onReact} />
        )}
      </Suspense>
    </span>
  )
}

/** The ones that this person uses, and what most people use until there are enough of those. */
export function QuickReactions({ onReact }: { onReact: (emoji: string) => void }) {
  const { t } = useLanguage()
  const account = useAccount()
  return quickEmoji(account.preferences.get().recentEmoji).map((emoji) => (
    <button
      key={emoji}
      type="button"
      aria-label={t('message.react.with', { emoji })}
      onClick={() => {
        account.usedEmoji(emoji)
        onReact(emoji)
      }}
    >
      {emoji}
    </button>
  ))
}
