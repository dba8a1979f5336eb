import { type FormEvent, useRef, useState } from 'react'
import { useServices } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import type { PlainKey } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { formError } from './check.ts'
import { PasswordField } from './password-field.tsx'
import styles from './session.module.css'

interface SignInFormProps {
  /** Signing in again as somebody: the name is known. */
  readonly knownLogin?: string
  readonly onSignedIn?: () => void
}

export function SignInForm({ knownLogin, onSignedIn }: SignInFormProps) {
  const { client } = useServices()
  const { t } = useLanguage()
  const form = useRef<HTMLFormElement>(null)
  const [login, setLogin] = useState(knownLogin ?? '')
  const [password, setPassword] = useState('')
  const [isComplete, setIsComplete] = useState(true)
  const [failure, setFailure] = useState<PlainKey>()
  const [isBusy, setIsBusy] = useState(false)

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const isFilled = login.trim() !== '' && password !== ''
    setIsComplete(isFilled)
    if (!isFilled) return focus(login.trim() === '' ? 'login' : 'password')
    setIsBusy(true)
    setFailure(undefined)
    const answer = await client.signIn(login.trim(), password)
    setIsBusy(false)
    if (answer.ok) return onSignedIn?.()
    setFailure(formError(answer, navigator.onLine))
    focus('password')
  }
  const focus = (name: 'login' | 'password'): void => {
    const field = form.current?.querySelector<HTMLInputElement>(`[name=${name}]`)
    field?.focus()
    // What was wrong is typed over.
    field?.select()
  }
  const missing = (value: string): string | undefined =>
    isComplete || value.trim() !== '' ? undefined : t('session.error.required')
  return (
    <form ref={form} className={styles.form} noValidate onSubmit={(event) => void submit(event)}>
      {failure !== undefined && <Notice look="danger">{t(failure)}</Notice>}
      <Field
        label={t('session.login')}
        name="login"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        autoFocus={knownLogin === undefined}
        value={login}
        onChange={({ target }) => setLogin(target.value)}
        error={missing(login)}
      />
      <PasswordField
        name="password"
        autoComplete="current-password"
        required
        autoFocus={knownLogin !== undefined}
        value={password}
        onChange={({ target }) => setPassword(target.value)}
        error={missing(password)}
      />
      <Button type="submit" look="primary" isBusy={isBusy} className={styles.submit}>
        {t('session.sign-in.submit')}
      </Button>
    </form>
  )
}
