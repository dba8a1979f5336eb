import { lazy, Suspense, useRef, useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { persistent } from '../../platform/persistent.ts'
import { IconButton } from '../../ui/button.tsx'
import { ComposeIcon } from '../../ui/icons.tsx'

const loadMenu = persistent(() => import('./new-menu.tsx'))
const NewMenu = lazy(loadMenu)

/** Begins something new. The menu is no part of the first screen, and comes when a hand comes near. */
export function NewButton() {
  const { t } = useLanguage()
  const button = useRef<HTMLButtonElement>(null)
  const [isOpen, setIsOpen] = useState(false)
  const [isNeeded, setIsNeeded] = useState(false)
  return (
    <>
      <IconButton
        ref={button}
        label={t('inbox.new')}
        icon={<ComposeIcon />}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onPointerEnter={() => void loadMenu()}
        onFocus={() => void loadMenu()}
        onClick={() => {
          setIsNeeded(true)
          setIsOpen(!isOpen)
        }}
      />
      <Suspense>{isNeeded && <NewMenu anchor={button} isOpen={isOpen} onOpenChange={setIsOpen} />}</Suspense>
    </>
  )
}
