import { type InputHTMLAttributes, useRef } from 'react'
import { useLanguage } from '../i18n/language.tsx'
import { IconButton } from './button.tsx'
import { CloseIcon, SearchIcon } from './icons.tsx'
import styles from './search-field.module.css'

interface SearchFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'value' | 'onChange'> {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  /** `quiet`: above a list that is there without it. */
  readonly look?: 'plain' | 'quiet'
}

/** Where one types to find something; Escape and the cross empty it. Its other keys may be those of what is found. */
export function SearchField({
  label,
  value,
  onChange,
  look = 'plain',
  className,
  onKeyDown,
  ...rest
}: SearchFieldProps) {
  const { t } = useLanguage()
  const input = useRef<HTMLInputElement>(null)
  const isQuiet = look === 'quiet'
  return (
    <search className={[styles.field, isQuiet ? styles.quiet : '', className].join(' ')}>
      <SearchIcon size={isQuiet ? 16 : 18} />
      <input
        ref={input}
        type="text"
        dir={value === '' ? undefined : 'auto'}
        value={value}
        aria-label={label}
        autoComplete="off"
        spellCheck={false}
        {...rest}
        onChange={({ target }) => onChange(target.value)}
        onKeyDown={(event) => {
          onKeyDown?.(event)
          // An empty one leaves the key to what is around it, and while an input method composes a word it is its own.
          if (event.key !== 'Escape' || value === '' || event.nativeEvent.isComposing) return
          event.preventDefault()
          event.stopPropagation()
          onChange('')
        }}
      />
      {value !== '' && (
        // As in the browser's own search fields: no stop of its own between what is typed and what
        // is found; by keyboard, Escape does the same.
        <IconButton
          tabIndex={-1}
          size="small"
          label={t('common.clear')}
          icon={<CloseIcon size={isQuiet ? 14 : 16} />}
          hasTip={false}
          onClick={() => {
            onChange('')
            // The cross goes with what it was for.
            input.current?.focus()
          }}
        />
      )}
    </search>
  )
}
