import { DEFAULT_LIMITS, type rest } from '@parley/protocol'
import { type FormEvent, useState } from 'react'
import { useLocation } from 'wouter'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import type { PlainKey } from '../../i18n/translate.ts'
import { useObservable } from '../../observe.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { PeoplePicker } from './people-picker.tsx'
import styles from './group.module.css'

/** A group of people found by username. Works offline for those already chosen: it is made when the network is back. */
export default function NewGroup({ onClose }: { onClose: () => void }) {
  const account = useAccount()
  const { t } = useLanguage()
  const [, navigate] = useLocation()
  const me = useObservable(account.me)
  const [title, setTitle] = useState('')
  const [people, setPeople] = useState<readonly rest.User[]>([])
  const [error, setError] = useState<PlainKey>()

  const create = (event: FormEvent): void => {
    event.preventDefault()
    const name = title.trim()
    if (name === '') return setError('group.name.required')
    if ([...name].length > DEFAULT_LIMITS.titleCharacters) return setError('group.name.too-long')
    const { conversation } = account.createConversation({
      kind: 'group',
      title: name,
      members: people.map(({ id }) => id),
    })
    onClose()
    navigate(`/c/${conversation}`)
  }
  return (
    <Dialog isOpen onClose={onClose} title={t('group.title')} lead={t('group.lead')}>
      <form className={styles.form} noValidate onSubmit={create}>
        <Field
          label={t('group.name')}
          placeholder={t('group.name.placeholder')}
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
        <PeoplePicker chosen={people} onChange={setPeople} except={new Set([me.id])} />
        <div className={styles.actions}>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" look="primary">
            {t('group.create')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
