import { useId } from 'react'
import styles from './segments.module.css'

interface SegmentsProps<T extends string> {
  /** The heading that says what is chosen. */
  readonly labelledBy: string
  readonly options: readonly T[]
  readonly chosen: T
  readonly wordsOf: (option: T) => string
  readonly onChoose: (option: T) => void
  readonly size?: 'small' | 'large'
}

/** One of two or a few, side by side. */
export function Segments<T extends string>({
  labelledBy,
  options,
  chosen,
  wordsOf,
  onChoose,
  size = 'large',
}: SegmentsProps<T>) {
  const name = useId()
  return (
    <div className={styles.segments} data-size={size} role="radiogroup" aria-labelledby={labelledBy}>
      {options.map((each) => (
        <label key={each} className={styles.segment}>
          <input
            type="radio"
            name={name}
            className="visually-hidden"
            checked={chosen === each}
            onChange={() => onChoose(each)}
          />
          <span>{wordsOf(each)}</span>
        </label>
      ))}
    </div>
  )
}
