import { lazy, Suspense, useRef, useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { persistent } from '../../platform/persistent.ts'
import { IconButton } from '../../ui/button.tsx'
import { ReactIcon } from '../../ui/icons.tsx'
import styles from './composer.module.css'

const EmojiPopover = lazy(persistent(() => import('../emoji/emoji-popover.tsx')))

/** Opens the picker; what is picked goes to where the caret was. */
export function EmojiButton({ onPick }: { onPick: (emoji: string) => void }) {
  const { t } = useLanguage()
  const button = useRef<HTMLButtonElement>(null)
  const [isOpen, setIsOpen] = useState(false)
  // Loaded when it is first wanted, and then there.
  const [isWanted, setIsWanted] = useState(false)
  const want = (): void => setIsWanted(true)
  return (
    <>
      <IconButton
        ref={button}
        className={styles.attach ?? ''}
        label={t('compose.emoji')}
        icon={<ReactIcon />}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onPointerEnter={want}
        onFocus={want}
        onClick={() => {
          want()
          setIsOpen(!isOpen)
        }}
      />
      <Suspense>
        {isWanted && (
          <EmojiPopover
            anchor={button.current}
            isOpen={isOpen}
            onClose={() => setIsOpen(false)}
            onPick={onPick}
          />
        )}
      </Suspense>
    </>
  )
}
