import type { UserId } from '@parley/protocol'
import { lazy, type ReactNode, Suspense, useCallback, useState } from 'react'
import { persistent } from '../../platform/persistent.ts'
import { PersonContext } from './person-context.ts'

const PersonCard = lazy(persistent(() => import('./person-card.tsx')))

interface Shown {
  readonly user: UserId
  readonly anchor: HTMLElement
}

/** One card for all names and pictures on the screen. */
export function PersonLayer({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<Shown>()
  const show = useCallback(
    (user: UserId, anchor: HTMLElement) =>
      setShown((before) => (before?.anchor === anchor ? undefined : { user, anchor })),
    [],
  )
  const close = useCallback(() => setShown(undefined), [])
  return (
    <PersonContext value={show}>
      {children}
      <Suspense>
        {shown !== undefined && (
          <PersonCard key={shown.user} user={shown.user} anchor={shown.anchor} onClose={close} />
        )}
      </Suspense>
    </PersonContext>
  )
}
