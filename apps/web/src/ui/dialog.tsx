import { Dialog as Base } from '@base-ui/react/dialog'
import type { ReactNode } from 'react'
import { useLanguage } from '../i18n/language.tsx'
import { IconButton } from './button.tsx'
import { CloseIcon } from './icons.tsx'
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
  return (
    <Base.Root open={isOpen} onOpenChange={(open) => !open && onClose()} disablePointerDismissal={isQuestion}>
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Popup className={styles.popup} role={isQuestion ? 'alertdialog' : 'dialog'}>
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
