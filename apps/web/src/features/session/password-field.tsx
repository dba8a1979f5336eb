import { type ComponentProps, useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { EyeIcon, EyeOffIcon } from '../../ui/icons.tsx'
import type { Strength } from './password-strength.ts'
import styles from './session.module.css'

interface PasswordFieldProps extends ComponentProps<'input'> {
  /** Where there is more than one. */
  readonly label?: string
  readonly error?: string | undefined
  /** Left out where an existing password is asked for. */
  readonly strength?: Strength | undefined
}

const STEPS: { readonly [S in Strength]: number } = { 'too-short': 0, weak: 1, fair: 2, good: 3, strong: 4 }

export function PasswordField({ label, error, strength, ...input }: PasswordFieldProps) {
  const { t } = useLanguage()
  const [isShown, setIsShown] = useState(false)
  const isEmpty = input.value === ''
  return (
    <Field
      {...input}
      label={label ?? t('session.password')}
      type={isShown ? 'text' : 'password'}
      dir="ltr"
      autoCapitalize="none"
      spellCheck={false}
      error={error}
      hint={
        strength === undefined ? undefined : isEmpty ? (
          t('session.password.hint')
        ) : (
          <StrengthMeter strength={strength} />
        )
      }
      after={
        <IconButton
          size="small"
          label={t(isShown ? 'session.password.hide' : 'session.password.show')}
          icon={isShown ? <EyeOffIcon /> : <EyeIcon />}
          aria-pressed={isShown}
          onClick={() => setIsShown(!isShown)}
        />
      }
    />
  )
}

function StrengthMeter({ strength }: { strength: Strength }) {
  const { t } = useLanguage()
  const words = t(`session.password.${strength}`)
  return (
    <span className={styles.strength}>
      <span className={styles.meter} data-step={STEPS[strength]} aria-hidden="true">
        <i />
        <i />
        <i />
        <i />
      </span>
      <span aria-live="polite">{t('session.password.strength', { strength: words })}</span>
    </span>
  )
}
