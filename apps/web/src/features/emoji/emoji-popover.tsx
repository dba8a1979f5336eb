import { Popover } from '@base-ui/react/popover'
import { useRef } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import panel from '../../ui/panel.module.css'
import EmojiPicker from './emoji-picker.tsx'
import styles from './emoji.module.css'

interface EmojiPopoverProps {
  /** What it opens beside, and where the focus returns to, unless `onPick` has moved it. */
  readonly anchor: HTMLElement | null
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onPick: (emoji: string) => void
}

/** The picker beside a button. A finger gets no keyboard until it asks for one: it would cover half of the emoji. */
export default function EmojiPopover({ anchor, isOpen, onClose, onPick }: EmojiPopoverProps) {
  const { t } = useLanguage()
  const hasPicked = useRef(false)
  const close = (): void => {
    hasPicked.current = false
    onClose()
  }
  return (
    <Popover.Root open={isOpen} onOpenChange={(open) => !open && close()}>
      <Popover.Portal>
        <Popover.Positioner
          anchor={anchor}
          side="top"
          align="end"
          sideOffset={8}
          collisionPadding={8}
          className={panel.above}
        >
          <Popover.Popup
            className={[panel.panel, panel.opening, styles.popup].join(' ')}
            aria-label={t('emoji.picker')}
            initialFocus={matchMedia('(hover: hover)').matches}
            // What was picked may have moved the focus to where it went.
            finalFocus={() => (hasPicked.current ? false : anchor)}
          >
            <EmojiPicker
              onPick={(emoji) => {
                hasPicked.current = true
                onClose()
                onPick(emoji)
              }}
            />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
