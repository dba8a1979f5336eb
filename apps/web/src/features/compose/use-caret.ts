import { type RefObject, useCallback, useState } from 'react'

/** Where the caret stands in a box that has the focus, while nothing is selected; `follow` looks again. */
export function useCaret(
  box: RefObject<HTMLTextAreaElement | null>,
): readonly [caret: number | undefined, follow: () => void] {
  const [caret, setCaret] = useState<number>()
  const follow = useCallback(() => {
    const element = box.current
    const isThere = element !== null && document.activeElement === element
    setCaret(isThere && element.selectionStart === element.selectionEnd ? element.selectionStart : undefined)
  }, [box])
  return [caret, follow]
}
