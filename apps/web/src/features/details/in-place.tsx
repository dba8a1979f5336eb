import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import styles from './in-place.module.css'

interface InPlaceProps {
  /** What it is, for the box. */
  readonly label: string
  readonly value: string
  readonly onSave: (value: string) => void
  /** How many characters it may have. */
  readonly limit?: number
  /** It may be nothing. */
  readonly isOptional?: boolean
  /** What stands there while it is not being changed; `edit` begins. */
  readonly children: (edit: () => void, button: (node: HTMLButtonElement | null) => void) => ReactNode
}

/** From here on it is said how many characters are left. */
const NEARLY = 20

/** A text that is changed where it stands: Enter saves, Escape leaves it as it was. */
export function InPlace({ label, value, onSave, limit, isOptional = false, children }: InPlaceProps) {
  const { t } = useLanguage()
  const [edited, setEdited] = useState<string>()
  const button = useRef<HTMLButtonElement>(null)
  const wasEdited = useRef(false)
  const isEdited = edited !== undefined
  useEffect(() => {
    // The box is gone: the keyboard goes on where it came from.
    if (wasEdited.current && !isEdited) button.current?.focus()
    wasEdited.current = isEdited
  }, [isEdited])
  if (edited === undefined)
    return children(
      () => setEdited(value),
      (node) => {
        button.current = node
      },
    )

  const next = edited.trim()
  const left = limit === undefined ? Infinity : limit - next.length
  const isFit = left >= 0 && (isOptional || next !== '')
  const save = (): void => {
    if (!isFit) return
    if (next !== value) onSave(next)
    setEdited(undefined)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter') save()
    else if (event.key === 'Escape') setEdited(undefined)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <Field
        label={label}
        autoFocus
        autoComplete="off"
        value={edited}
        onFocus={({ target }) => target.select()}
        onChange={({ target }) => setEdited(target.value)}
        onKeyDown={onKeyDown}
        error={left < 0 ? t('details.too-long', { count: -left }) : undefined}
        hint={left <= NEARLY ? t('details.left', { count: left }) : undefined}
      />
      <div className={styles.actions}>
        <Button size="small" onClick={() => setEdited(undefined)}>
          {t('common.cancel')}
        </Button>
        <Button size="small" look="primary" type="submit" disabled={!isFit}>
          {t('common.save')}
        </Button>
      </div>
    </form>
  )
}
