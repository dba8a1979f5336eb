import { rest } from '@parley/protocol'
import { type FormEvent, useRef, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import type { PlainKey } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { conflictsOf } from '../session/check.ts'
import { PasswordField } from '../session/password-field.tsx'
import { changeError } from './change-error.ts'
import { Section } from './section.tsx'
import parts from './parts.module.css'

type FieldName = 'email' | 'password'
type Errors = { readonly [F in FieldName | 'form']?: PlainKey }

/** The address, which opens the account: to change it, one proves once more who one is. */
export function EmailForm({ me }: { me: rest.Me }) {
  const { api } = useAccount()
  const { t } = useLanguage()
  const form = useRef<HTMLFormElement>(null)
  const [edited, setEdited] = useState<string>()
  const [password, setPassword] = useState('')
  const [errors, setErrors] = useState<Errors>({})
  const [state, setState] = useState<'idle' | 'saving' | 'saved'>('idle')
  const email = (edited ?? me.email).trim()
  const isChanged = email !== me.email
  // What has been saved is the account's now, and changes with it.
  if (state === 'saved' && !isChanged && edited !== undefined) setEdited(undefined)

  const show = (wrong: Errors): void => {
    setErrors(wrong)
    const first = wrong.email === undefined ? wrong.password && 'password' : 'email'
    if (first !== undefined) form.current?.querySelector<HTMLInputElement>(`[name=${first}]`)?.focus()
  }
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!isChanged) return
    if (!rest.email.safeParse(email).success) return show({ email: 'session.error.email' })
    if (password === '') return show({ password: 'session.error.required' })
    setState('saving')
    const answer = await api.updateMe({ email, currentPassword: password })
    setState(answer.ok ? 'saved' : 'idle')
    if (answer.ok) {
      setPassword('')
      return setErrors({})
    }
    const taken = conflictsOf(answer).email
    if (answer.code === 'forbidden') show({ password: 'settings.password.wrong' })
    else if (taken !== undefined) show({ email: taken })
    else show({ form: changeError(answer, navigator.onLine) })
  }
  return (
    <Section title={t('settings.profile.signing-in')} level={3}>
      <form ref={form} className={parts.formCard} noValidate onSubmit={(event) => void save(event)}>
        {errors.form !== undefined && <Notice look="danger">{t(errors.form)}</Notice>}
        <Field
          label={t('session.email')}
          hint={t('settings.profile.email.hint')}
          name="email"
          type="email"
          inputMode="email"
          autoComplete="email"
          dir="ltr"
          value={edited ?? me.email}
          error={errors.email && t(errors.email)}
          onChange={({ target }) => {
            setEdited(target.value)
            setErrors({})
            setState('idle')
          }}
        />
        {isChanged && (
          <PasswordField
            label={t('settings.password.current')}
            name="password"
            autoComplete="current-password"
            value={password}
            error={errors.password && t(errors.password)}
            onChange={({ target }) => {
              setPassword(target.value)
              setErrors({})
            }}
          />
        )}
        <div className={parts.actions}>
          <p role="status">{state === 'saved' && !isChanged && t('common.saved')}</p>
          {isChanged && (
            <Button
              onClick={() => {
                setEdited(undefined)
                setPassword('')
                setErrors({})
              }}
            >
              {t('common.cancel')}
            </Button>
          )}
          <Button
            type="submit"
            look={isChanged ? 'primary' : 'plain'}
            isBusy={state === 'saving'}
            disabled={!isChanged}
          >
            {t('settings.profile.email.save')}
          </Button>
        </div>
      </form>
    </Section>
  )
}
