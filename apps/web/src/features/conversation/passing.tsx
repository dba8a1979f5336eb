import { useCallback, useEffect, useState } from 'react'
import styles from './timeline.module.css'

const SHOWN_MILLIS = 1800

interface Said {
  readonly words: string
}

/** What has just been done, in a few words that go by themselves. */
export function usePassing(): readonly [Said | undefined, (words: string) => void] {
  const [said, setSaid] = useState<Said>()
  useEffect(() => {
    if (said === undefined) return
    const timer = setTimeout(() => setSaid(undefined), SHOWN_MILLIS)
    return () => clearTimeout(timer)
  }, [said])
  return [said, useCallback((words: string) => setSaid({ words }), [])]
}

/** Always there, so that a screen reader hears of what appears in it. */
export const Passing = ({ words }: { words: Said | undefined }) => (
  <p className={styles.passing} role="status" data-shown={words !== undefined || undefined}>
    {words?.words}
  </p>
)
