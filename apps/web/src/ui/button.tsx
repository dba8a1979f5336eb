import type { ComponentProps, ReactNode } from 'react'
import { tip } from './tip.ts'
import styles from './button.module.css'

interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: 'primary' | 'plain' | 'quiet' | 'danger'
  readonly size?: 'normal' | 'small'
  readonly isBusy?: boolean
  readonly icon?: ReactNode
}

export function Button({
  look = 'plain',
  size = 'normal',
  isBusy = false,
  icon,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={[styles.button, rest.className].filter(Boolean).join(' ')}
      data-look={look}
      data-size={size}
      data-busy={isBusy || undefined}
      aria-busy={isBusy || undefined}
      // A busy button stays focusable: disabling it would drop the keyboard's place.
      onClick={isBusy ? (event) => event.preventDefault() : rest.onClick}
    >
      {icon}
      <span className={styles.label}>{children}</span>
    </button>
  )
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  readonly label: string
  readonly icon: ReactNode
  readonly look?: 'quiet' | 'primary'
  readonly size?: 'normal' | 'small'
  readonly hasTip?: boolean
}

export function IconButton({
  label,
  icon,
  look = 'quiet',
  size = 'normal',
  hasTip = true,
  ...rest
}: IconButtonProps) {
  return (
    <button
      type="button"
      {...(hasTip && tip(label))}
      {...rest}
      aria-label={label}
      className={[styles.icon, rest.className].filter(Boolean).join(' ')}
      data-look={look}
      data-size={size}
    >
      {icon}
    </button>
  )
}
