import { type FormEvent, useRef, useState } from 'react'
import { useSearchParams } from 'wouter'
import { useServices } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import type { PlainKey } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import {
  checkSignUp,
  conflictsOf,
  firstWrong,
  signUpError,
  type SignUpErrors,
  type SignUpField,
} from './check.ts'
import { PasswordField } from './password-field.tsx'
import { passwordStrength } from './password-strength.ts'
import styles from './session.module.css'

const EMPTY = { email: '', username: '', name: '', password: '' }

export function SignUpForm() {
  const { client } = useServices()
  const { t } = useLanguage()
  const [search] = useSearchParams()
  const form = useRef<HTMLFormElement>(null)
  const [values, setValues] = useState(EMPTY)
  const [errors, setErrors] = useState<SignUpErrors>({})
  const [failure, setFailure] = useState<PlainKey>()
  const [isBusy, setIsBusy] = useState(false)

  const show = (wrong: SignUpErrors): void => {
    setErrors(wrong)
    const first = firstWrong(wrong)
    if (first !== undefined) form.current?.querySelector<HTMLInputElement>(`[name=${first}]`)?.focus()
  }
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const wrong = checkSignUp(values)
    show(wrong)
    if (firstWrong(wrong) !== undefined) return
    setIsBusy(true)
    setFailure(undefined)
    const invitation = search.get('invitation')
    const answer = await client.signUp({ ...values, ...(invitation !== null && { invitation }) })
    setIsBusy(false)
    if (answer.ok) return
    const conflicts = conflictsOf(answer)
    if (firstWrong(conflicts) === undefined) setFailure(signUpError(answer, navigator.onLine))
    else show(conflicts)
  }
  const field = (name: SignUpField) => {
    const error = errors[name]
    return {
      name,
      value: values[name],
      required: true,
      error: error === undefined ? undefined : t(error),
      onChange: ({ target }: { target: HTMLInputElement }) => {
        // Usernames are small letters: typing a capital one is no mistake worth a message.
        const value = name === 'username' ? target.value.toLowerCase() : target.value
        setValues({ ...values, [name]: value })
        setErrors({ ...errors, [name]: undefined })
      },
      // Names are checked when left, so that the error comes beside the field and before the end.
      onBlur: () => {
        const error = values[name] === '' ? undefined : checkSignUp(values)[name]
        setErrors({ ...errors, [name]: error ?? (values[name] === '' ? errors[name] : undefined) })
      },
    }
  }
  return (
    <form ref={form} className={styles.form} noValidate onSubmit={(event) => void submit(event)}>
      {failure !== undefined && <Notice look="danger">{t(failure)}</Notice>}
      <Field
        {...field('name')}
        label={t('session.name')}
        hint={t('session.name.hint')}
        autoComplete="name"
        autoFocus
      />
      <Field
        {...field('username')}
        label={t('session.username')}
        hint={t('session.username.hint')}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
      />
      <Field
        {...field('email')}
        label={t('session.email')}
        type="email"
        inputMode="email"
        autoComplete="email"
        dir="ltr"
      />
      <PasswordField
        {...field('password')}
        autoComplete="new-password"
        strength={passwordStrength(values.password, [values.username, values.name, values.email])}
      />
      <Button type="submit" look="primary" isBusy={isBusy} className={styles.submit}>
        {t('session.sign-up.submit')}
      </Button>
    </form>
  )
}
