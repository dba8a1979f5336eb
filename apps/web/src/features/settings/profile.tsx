import { rest } from '@parley/protocol'
import { type FormEvent, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import type { PlainKey } from '../../i18n/translate.ts'
import { useObservable } from '../../observe.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import styles from './settings.module.css'

export function Profile() {
  const account = useAccount()
  const { t } = useLanguage()
  const me = useObservable(account.me)
  const [name, setName] = useState(me.name)
  const [error, setError] = useState<PlainKey>()
  const [state, setState] = useState<'idle' | 'saving' | 'saved'>('idle')
  const isChanged = name.trim() !== me.name
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!rest.displayName.safeParse(name.trim()).success) return setError('session.error.name')
    setState('saving')
    const answer = await account.api.updateMe({ name: name.trim() })
    setState(answer.ok ? 'saved' : 'idle')
    setError(
      answer.ok ? undefined : answer.code === 'unavailable' ? 'session.error.offline' : 'settings.failed',
    )
  }
  return (
    <section aria-labelledby="profile-title">
      <h2 id="profile-title">{t('settings.profile')}</h2>
      <div className={styles.card}>
        <div className={styles.self}>
          <Avatar id={me.id} name={name.trim() === '' ? me.name : name} size="large" />
          <div>
            <b dir="auto">{me.name}</b>
            <p dir="ltr">@{me.username}</p>
            <p dir="ltr">{me.email}</p>
          </div>
        </div>
        <form className={styles.inline} onSubmit={(event) => void save(event)}>
          <Field
            label={t('settings.profile.name')}
            autoComplete="name"
            value={name}
            error={error === undefined ? undefined : t(error)}
            onChange={({ target }) => {
              setName(target.value)
              setError(undefined)
              setState('idle')
            }}
          />
          <Button
            type="submit"
            look={isChanged ? 'primary' : 'plain'}
            isBusy={state === 'saving'}
            disabled={!isChanged || name.trim() === ''}
          >
            {t(state === 'saved' && !isChanged ? 'common.saved' : 'common.save')}
          </Button>
        </form>
      </div>
    </section>
  )
}
