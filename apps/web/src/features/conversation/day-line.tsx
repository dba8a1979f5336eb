import type { Millis } from '@parley/protocol'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import styles from './timeline.module.css'

interface DayLineProps {
  /** A moment of the day. */
  readonly at: Millis
  readonly onDate: (at: Millis) => void
}

/** The day that begins here; pressed, it asks for another one to go to. */
export function DayLine({ at, onDate }: DayLineProps) {
  const { t, formats } = useLanguage()
  const [isAsking, setIsAsking] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const today = startOfDay(Date.now())
  const day = startOfDay(at)
  const yesterday = new Date(today).setDate(new Date(today).getDate() - 1)
  const words =
    day === today
      ? t('conversation.today')
      : day === yesterday
        ? t('conversation.yesterday')
        : formats.day(at, today)
  const stop = (): void => {
    setIsAsking(false)
    requestAnimationFrame(() => {
      // Where a date has been gone to, the focus may be there already.
      if (document.activeElement === document.body) button.current?.focus()
    })
  }
  return (
    <div className={styles.day}>
      {isAsking ? (
        <DateField at={at} onDate={onDate} onDone={stop} />
      ) : (
        <button
          ref={button}
          type="button"
          title={t('conversation.go-to-date')}
          onClick={() => setIsAsking(true)}
        >
          {words}
        </button>
      )}
    </div>
  )
}

/** No conversation is older; a year that is being typed is one that is far too early. */
const EARLIEST = '2000-01-01'

function DateField({ at, onDate, onDone }: DayLineProps & { readonly onDone: () => void }) {
  const { t } = useLanguage()
  const field = useRef<HTMLInputElement>(null)
  /** A date that is chosen is meant; one that is typed goes through others, and is meant when Enter says so. */
  const isTyped = useRef(false)
  useEffect(() => {
    field.current?.focus()
    try {
      field.current?.showPicker()
    } catch {
      // Some browsers have none, or only show it when the field itself is pressed: it can be typed into all the same.
    }
  }, [])
  const go = (): void => {
    const { value, validity } = field.current ?? {}
    const [year, month, day] = (value ?? '').split('-').map(Number)
    if (year === undefined || month === undefined || day === undefined || validity?.valid !== true) return
    onDone()
    onDate(new Date(year, month - 1, day).getTime())
  }
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onDone()
    else if (event.key === 'Enter') go()
    else isTyped.current = true
    // The arrows change the date here, and lead nowhere in the list.
    event.stopPropagation()
  }
  return (
    <input
      ref={field}
      type="date"
      aria-label={t('conversation.go-to-date')}
      defaultValue={dateOf(at)}
      min={EARLIEST}
      max={dateOf(Date.now())}
      onChange={() => isTyped.current || go()}
      onKeyDown={press}
      onBlur={onDone}
    />
  )
}

const startOfDay = (at: Millis): Millis => new Date(at).setHours(0, 0, 0, 0)

/** As a date field has it, in the person's own time. */
function dateOf(at: Millis): string {
  const date = new Date(at)
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
