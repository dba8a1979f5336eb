import type { ConversationView } from '@parley/client'
import { type FormEvent, useId, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { titleOf } from '../inbox/titles.ts'

interface DeleteDialogProps {
  readonly view: ConversationView
  readonly onClose: () => void
  readonly onDeleted: () => void
}

/** Nothing of it comes back: whoever wants that types its name. */
export function DeleteDialog({ view, onClose, onDeleted }: DeleteDialogProps) {
  const account = useAccount()
  const { t } = useLanguage()
  const form = useId()
  const [typed, setTyped] = useState('')
  const title = titleOf(view, t)
  const isSure = plain(typed) === plain(title)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!isSure) return
    account.deleteConversation(view.id)
    onDeleted()
  }
  return (
    <Dialog
      isOpen
      isQuestion
      onClose={onClose}
      title={t('details.delete.title', { title })}
      lead={t('details.delete.body', { count: view.memberCount })}
      actions={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="danger" type="submit" form={form} disabled={!isSure}>
            {t('details.delete.confirm')}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit}>
        <Field
          label={t('details.delete.type')}
          hint={title}
          autoFocus
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
      </form>
    </Dialog>
  )
}

/** Nobody is to fail at the kind of an apostrophe, or at a space that cannot be seen. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[‘’ʼ`´]/g, "'")
    .replace(/[“”„]/g, '"')
    .replace(/\s+/g, ' ')
    .trim()
