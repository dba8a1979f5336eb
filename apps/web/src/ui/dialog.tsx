import { Dialog as Base } from '@base-ui/react/dialog'
import { type ReactNode, useState } from 'react'
import { useLanguage } from '../i18n/language.tsx'
import { IconButton } from './button.tsx'
import { CloseIcon } from './icons.tsx'
import panel from './panel.module.css'
import styles from './dialog.module.css'

interface DialogProps {
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly title: string
  readonly lead?: string
  readonly children?: ReactNode
  /** The row of buttons at the end. */
  readonly actions?: ReactNode
  /** Asks before something is lost: no close button, no click beside it. */
  readonly isQuestion?: boolean
}

/** A card in the middle; on a phone a sheet from the bottom edge. */
export function Dialog({ isOpen, onClose, title, lead, children, actions, isQuestion = false }: DialogProps) {
  const { t } = useLanguage()
  // Known before anything in it takes the focus by itself: what opened it gets the keyboard back.
  const [opener, setOpener] = useState<Element | null>(null)
  const [wasOpen, setWasOpen] = useState(false)
  if (isOpen !== wasOpen) {
    setWasOpen(isOpen)
    if (isOpen) setOpener(document.activeElement)
  }
  return (
    <Base.Root open={isOpen} onOpenChange={(open) => !open && onClose()} disablePointerDismissal={isQuestion}>
      <Base.Portal>
        <Base.Backdrop className={panel.backdrop} />
        <Base.Popup
          className={styles.popup}
          role={isQuestion ? 'alertdialog' : 'dialog'}
          // An item of a menu is gone by then, and the menu has said where the keyboard goes.
          finalFocus={() => (opener instanceof HTMLElement && opener.isConnected ? opener : true)}
        >
          <header className={styles.header}>
            <Base.Title className={styles.title}>{title}</Base.Title>
            {!isQuestion && (
              <Base.Close
                render={
                  <IconButton label={t('common.close')} icon={<CloseIcon />} size="small" hasTip={false} />
                }
              />
            )}
          </header>
          {lead !== undefined && <Base.Description className={styles.lead}>{lead}</Base.Description>}
          {children}
          {actions !== undefined && <footer className={styles.actions}>{actions}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
