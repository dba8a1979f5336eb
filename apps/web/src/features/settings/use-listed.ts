import type { Answer } from '@parley/client'
import { useCallback, useEffect, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useObservable } from '../../observe.ts'

export interface Listed<T> {
  /** What has become of asking last. */
  readonly state: 'loading' | 'failed' | 'listed'
  /** What the server said last: it stays when it cannot be asked any more. Undefined: it has said nothing yet. */
  readonly items: readonly T[] | undefined
  load(): Promise<void>
}

/** A list that only the server has, asked for anew with each connection; `ask` is the same function each time. */
export function useListed<T>(ask: () => Promise<Answer<readonly T[]>>): Listed<T> {
  const link = useObservable(useAccount().link)
  const [{ state, items }, setListed] = useState<Pick<Listed<T>, 'state' | 'items'>>({
    state: 'loading',
    items: undefined,
  })
  const load = useCallback(async () => {
    const answer = await ask()
    setListed((before) =>
      answer.ok ? { state: 'listed', items: answer.value } : { ...before, state: 'failed' },
    )
  }, [ask])
  useEffect(() => void load(), [load, link.state])
  return { state, items, load }
}
