import { type ReactNode, useId } from 'react'
import styles from './choice.module.css'

interface ChoiceProps<T extends string> {
  readonly label: string
  readonly options: readonly {
    readonly value: T
    readonly label: ReactNode
    readonly picture?: ReactNode
    readonly hint?: ReactNode
  }[]
  readonly chosen: T
  readonly onChoose: (value: T) => void
  /** Tiles side by side, with pictures; or lines below each other. */
  readonly look: 'tiles' | 'lines'
}

/** One of several, as radio buttons: arrow keys go from one to the next. */
export function Choice<T extends string>({ label, options, chosen, onChoose, look }: ChoiceProps<T>) {
  const name = useId()
  return (
    <div className={styles[look]} role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <label key={option.value} className={styles.option}>
          <input
            type="radio"
            name={name}
            className="visually-hidden"
            checked={option.value === chosen}
            onChange={() => onChoose(option.value)}
          />
          <span className={styles.face}>
            {option.picture}
            <span className={styles.optionWords}>
              <span>{option.label}</span>
              {option.hint !== undefined && <small>{option.hint}</small>}
            </span>
            <i className={styles.dot} aria-hidden="true" />
          </span>
        </label>
      ))}
    </div>
  )
}
