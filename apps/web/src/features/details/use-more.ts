import { useCallback, useEffect, useState } from 'react'

/** Rows that are drawn at once, and that each further step adds. */
const STEP = 60

/**
 * A long list grows as somebody comes to its end, by what is known and then by what `further` brings. `end` is what
 * stands behind the last row; `more` is undefined when there is nothing behind it.
 */
export function useMore(known: number, further: (() => void) | undefined) {
  const [shown, setShown] = useState(STEP)
  const [end, setEnd] = useState<HTMLElement | null>(null)
  const hasMore = shown < known || further !== undefined
  const more = useCallback(() => {
    if (shown < known) setShown(shown + STEP)
    else further?.()
  }, [shown, known, further])
  useEffect(() => {
    if (end === null || !hasMore) return undefined
    // Looked at anew after each step: what was in sight and still is would not be told of again.
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) more()
      },
      { rootMargin: '200px' },
    )
    observer.observe(end)
    return () => observer.disconnect()
  }, [end, hasMore, more])
  return { shown, end: setEnd, more: hasMore ? more : undefined }
}
