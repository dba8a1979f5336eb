import { type ComponentProps, type ReactNode, useId } from 'react'
import styles from './field.module.css'

interface FieldProps extends Omit<ComponentProps<'input'>, 'id'> {
  readonly label: string
  readonly hint?: ReactNode
  readonly error?: string | undefined
  /** Sits inside the box, after the text: a button, a count. */
  readonly after?: ReactNode
}

/** A labelled box. The error takes the hint's place, beside the field it is about, and is announced with it. */
export function Field({ label, hint, error, after, ...input }: FieldProps) {
  const id = useId()
  const noteId = `${id}-note`
  const hasNote = error !== undefined || hint !== undefined
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <div className={styles.box} data-invalid={error !== undefined || undefined}>
        <input
          // An empty box with a direction of its own would put the placeholder on the wrong side.
          dir={input.value === '' ? undefined : 'auto'}
          {...input}
          id={id}
          className={styles.input}
          aria-invalid={error !== undefined || undefined}
          aria-describedby={hasNote ? noteId : undefined}
        />
        {after}
      </div>
      {hasNote && (
        <div id={noteId} className={styles.note} data-error={error !== undefined || undefined}>
          {error ?? hint}
        </div>
      )}
    </div>
  )
}
