import { rest } from '@parley/protocol'
import { type FormEvent, useRef, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { conflictsOf } from '../session/check.ts'
import { changeError } from './change-error.ts'
import type { PlainKey } from '../../i18n/translate.ts'
import parts from './parts.module.css'

interface Errors {
  readonly name?: PlainKey | undefined
  readonly username?: PlainKey | undefined
  readonly form?: PlainKey | undefined
}

interface Edits {
  readonly name?: string
  readonly username?: string
}
const NONE: Edits = {}

/** The display name and the username. What is not being changed here follows other devices. */
export function NameForm({ me }: { me: rest.Me }) {
  const { api } = useAccount()
  const { t } = useLanguage()
  const form = useRef<HTMLFormElement>(null)
  const [edits, setEdits] = useState<Edits>(NONE)
  const [errors, setErrors] = useState<Errors>({})
  const [state, setState] = useState<'idle' | 'saving' | 'saved'>('idle')
  const values = { name: me.name, username: me.username, ...edits }
  const [name, username] = [values.name.trim(), values.username]
  const isChanged = name !== me.name || username !== me.username
  // What has been saved is the account's now, and changes with it.
  if (state === 'saved' && !isChanged && edits !== NONE) setEdits(NONE)

  const show = (wrong: Errors): void => {
    setErrors(wrong)
    const first = wrong.name === undefined ? wrong.username && 'username' : 'name'
    if (first !== undefined) form.current?.querySelector<HTMLInputElement>(`[name=${first}]`)?.focus()
  }
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!isChanged) return
    const wrong: Errors = {
      name: rest.displayName.safeParse(name).success
        ? undefined
        : name === ''
          ? 'session.error.required'
          : 'session.error.name',
      username: rest.username.safeParse(username).success ? undefined : 'session.error.username',
    }
    if (wrong.name !== undefined || wrong.username !== undefined) return show(wrong)
    setState('saving')
    const answer = await api.updateMe({
      ...(name !== me.name && { name }),
      ...(username !== me.username && { username }),
    })
    setState(answer.ok ? 'saved' : 'idle')
    if (answer.ok) return setErrors({})
    const taken = conflictsOf(answer).username
    show(taken === undefined ? { form: changeError(answer, navigator.onLine) } : { username: taken })
  }
  const change = (change: Edits): void => {
    setEdits({ ...edits, ...change })
    setErrors({})
    setState('idle')
  }
  return (
    <form ref={form} className={parts.form} noValidate onSubmit={(event) => void save(event)}>
      {errors.form !== undefined && <Notice look="danger">{t(errors.form)}</Notice>}
      <Field
        label={t('settings.profile.name')}
        hint={t('session.name.hint')}
        name="name"
        autoComplete="name"
        value={values.name}
        error={errors.name && t(errors.name)}
        onChange={({ target }) => change({ name: target.value })}
      />
      <Field
        label={t('settings.profile.username')}
        hint={t('session.username.hint')}
        name="username"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        dir="ltr"
        value={values.username}
        error={errors.username && t(errors.username)}
        onChange={({ target }) => change({ username: target.value.toLowerCase() })}
      />
      <div className={parts.actions}>
        <p role="status">{state === 'saved' && !isChanged && t('common.saved')}</p>
        {isChanged && <Button onClick={() => setEdits(NONE)}>{t('common.cancel')}</Button>}
        <Button
          type="submit"
          look={isChanged ? 'primary' : 'plain'}
          isBusy={state === 'saving'}
          disabled={!isChanged}
        >
          {t('common.save')}
        </Button>
      </div>
    </form>
  )
}
