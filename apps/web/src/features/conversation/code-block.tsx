import { useEffect, useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { copy } from '../../platform/copy.ts'
import { CheckIcon, CopyIcon } from '../../ui/icons.tsx'
import styles from './message-text.module.css'

const DONE_MILLIS = 1600

/** Lines of code as they were written, with what language they are in and a way to take them along. */
export function CodeBlock({ code, language }: { code: string; language: string | undefined }) {
  const { t } = useLanguage()
  const [isDone, setIsDone] = useState(false)
  useEffect(() => {
    if (!isDone) return
    const timer = setTimeout(() => setIsDone(false), DONE_MILLIS)
    return () => clearTimeout(timer)
  }, [isDone])
  const label = t(isDone ? 'message.copied' : 'message.code.copy')
  return (
    <div className={styles.code} dir="ltr">
      {language !== undefined && <span className={styles.language}>{language}</span>}
      <button
        type="button"
        className={styles.copy}
        aria-label={label}
        title={label}
        onClick={() => void copy(code).then(setIsDone)}
      >
        {isDone ? <CheckIcon size={15} /> : <CopyIcon size={15} />}
      </button>
      <pre tabIndex={0}>
        <code>{code}</code>
      </pre>
    </div>
  )
}
