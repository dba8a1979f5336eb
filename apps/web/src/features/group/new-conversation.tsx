import { type ConversationId, DEFAULT_LIMITS } from '@parley/protocol'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useLocation } from 'wouter'
import { useLanguage } from '../../i18n/language.tsx'
import type { PlainKey } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import styles from './group.module.css'

interface NewConversationProps {
  readonly kind: 'group' | 'channel'
  readonly lead?: string
  /** Above the name. */
  readonly notice?: ReactNode
  /** Below the name: what else makes it what it is. */
  readonly children: ReactNode
  readonly make: (title: string) => ConversationId
  readonly onClose: () => void
}

/** A conversation that has a name: asks for it, makes it and leads there. */
export function NewConversation({ kind, lead, notice, children, make, onClose }: NewConversationProps) {
  const { t } = useLanguage()
  const [, navigate] = useLocation()
  const [title, setTitle] = useState('')
  const [error, setError] = useState<PlainKey>()

  const create = (event: FormEvent): void => {
    event.preventDefault()
    const name = title.trim()
    if (name === '') return setError(`${kind}.name.required`)
    if (name.length > DEFAULT_LIMITS.titleCharacters) return setError('group.name.too-long')
    const conversation = make(name)
    onClose()
    navigate(`/c/${conversation}`)
  }
  return (
    <Dialog isOpen onClose={onClose} title={t(`${kind}.title`)} {...(lead === undefined ? {} : { lead })}>
      <form className={styles.form} noValidate onSubmit={create}>
        {notice}
        <Field
          label={t(`${kind}.name`)}
          placeholder={t(`${kind}.name.placeholder`)}
          autoComplete="off"
          autoFocus
          required
          value={title}
          error={error === undefined ? undefined : t(error)}
          onChange={({ target }) => {
            setTitle(target.value)
            setError(undefined)
          }}
        />
        {children}
        <div className={styles.actions}>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" look="primary">
            {t(`${kind}.create`)}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
