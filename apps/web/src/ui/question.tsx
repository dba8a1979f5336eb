import type { ReactNode } from 'react'
import { useLanguage } from '../i18n/language.tsx'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

interface QuestionProps {
  readonly title: string
  readonly body: string
  readonly confirm: string
  readonly isBusy?: boolean
  readonly onClose: () => void
  readonly onConfirm: () => void
  /** What else has to be known before one answers. */
  readonly children?: ReactNode
}

/** Asks before something is gone. */
export function Question({
  title,
  body,
  confirm,
  isBusy = false,
  onClose,
  onConfirm,
  children,
}: QuestionProps) {
  const { t } = useLanguage()
  return (
    <Dialog
      isOpen
      isQuestion
      onClose={onClose}
      title={title}
      lead={body}
      actions={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="danger" isBusy={isBusy} onClick={onConfirm}>
            {confirm}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  )
}
