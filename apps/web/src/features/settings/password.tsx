import { rest } from '@parley/protocol'
import { type FormEvent, useRef, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import type { PlainKey } from '../../i18n/translate.ts'
import { useObservable } from '../../observe.ts'
import { Button } from '../../ui/button.tsx'
import { CheckIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PasswordField } from '../session/password-field.tsx'
import { passwordStrength } from '../session/password-strength.ts'
import { changeError } from './change-error.ts'
import { Section } from './section.tsx'
import parts from './parts.module.css'

type FieldName = 'current' | 'next'
type Errors = { readonly [F in FieldName | 'form']?: PlainKey }
const EMPTY = { current: '', next: '' }

/** A new password ends every other session; what happens to other devices is said before. */
export function Password() {
  const account = useAccount()
  const { t } = useLanguage()
  const me = useObservable(account.me)
  const form = useRef<HTMLFormElement>(null)
  const [values, setValues] = useState(EMPTY)
  const [errors, setErrors] = useState<Errors>({})
  const [state, setState] = useState<'idle' | 'saving' | 'saved'>('idle')

  const show = (wrong: Errors): void => {
    setErrors(wrong)
    const first = wrong.current === undefined ? wrong.next && 'next' : 'current'
    if (first !== undefined) form.current?.querySelector<HTMLInputElement>(`[name=${first}]`)?.focus()
  }
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const wrong: Errors = {
      ...(values.current === '' && { current: 'session.error.required' }),
      ...(!rest.password.safeParse(values.next).success && { next: 'session.error.password' }),
    }
    if (wrong.current !== undefined || wrong.next !== undefined) return show(wrong)
    setState('saving')
    const answer = await account.api.updateMe({ password: values.next, currentPassword: values.current })
    setState(answer.ok ? 'saved' : 'idle')
    if (answer.ok) {
      setValues(EMPTY)
      setErrors({})
    } else if (answer.code === 'forbidden') show({ current: 'settings.password.wrong' })
    else show({ form: changeError(answer, navigator.onLine) })
  }
  const field = (name: FieldName) => ({
    name,
    value: values[name],
    required: true,
    error: errors[name] && t(errors[name]),
    onChange: ({ target }: { target: HTMLInputElement }) => {
      setValues({ ...values, [name]: target.value })
      setErrors({ ...errors, [name]: undefined })
      setState('idle')
    },
  })
  return (
    <Section title={t('settings.password')} lead={t('settings.password.lead')}>
      <form ref={form} className={parts.formCard} noValidate onSubmit={(event) => void save(event)}>
        {state === 'saved' && (
          <Notice look="quiet" icon={<CheckIcon size={18} />}>
            {t('settings.password.changed')}
          </Notice>
        )}
        {errors.form !== undefined && <Notice look="danger">{t(errors.form)}</Notice>}
        {/* Tells a password manager whose password it is. */}
        <input hidden readOnly name="username" autoComplete="username" value={me.username} />
        <PasswordField
          {...field('current')}
          label={t('settings.password.current')}
          autoComplete="current-password"
        />
        <PasswordField
          {...field('next')}
          label={t('settings.password.new')}
          autoComplete="new-password"
          strength={passwordStrength(values.next, [me.username, me.name, me.email])}
        />
        <div className={parts.actions}>
          <Button type="submit" look="primary" isBusy={state === 'saving'}>
            {t('settings.password.change')}
          </Button>
        </div>
      </form>
    </Section>
  )
}
