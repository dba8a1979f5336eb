import { Popover } from '@base-ui/react/popover'
import { useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { IconButton } from '../../ui/button.tsx'
import { ReactIcon } from '../../ui/icons.tsx'
import styles from './reactions.module.css'

const QUICK = ['👍', '❤️', '😂', '🎉', '😮', '😢', '🙏', '👀']

interface ReactButtonProps {
  readonly onReact: (emoji: string) => void
}

export function ReactButton({ onReact }: ReactButtonProps) {
  const { t } = useLanguage()
  const [isOpen, setIsOpen] = useState(false)
  return (
    <Popover.Root open={isOpen} onOpenChange={setIsOpen}>
      <Popover.Trigger
        render={
          <IconButton size="small" label={t('message.react')} icon={<ReactIcon size={18} />} hasTip={false} />
        }
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
