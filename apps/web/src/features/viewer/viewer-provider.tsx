import type { Timeline } from '@parley/client'
import type { AttachmentId } from '@parley/protocol'
import { lazy, type ReactNode, Suspense, useCallback, useRef, useState } from 'react'
import { persistent } from '../../platform/persistent.ts'
import { ViewerContext } from './viewer-context.ts'

const Viewer = lazy(persistent(() => import('./viewer.tsx')))

/** Pictures below it can be shown large; the focus returns to where it was. */
export function ViewerProvider({ timeline, children }: { timeline: Timeline; children: ReactNode }) {
  const [shown, setShown] = useState<AttachmentId>()
  const opener = useRef<Element>(null)
  const show = useCallback((id: AttachmentId) => {
    opener.current = document.activeElement
    setShown(id)
  }, [])
  return (
    <ViewerContext value={show}>
      {children}
      <Suspense>
        {shown !== undefined && (
          <Viewer
            timeline={timeline}
            shown={shown}
            opener={opener}
            onShow={setShown}
            onClose={() => setShown(undefined)}
          />
        )}
      </Suspense>
    </ViewerContext>
  )
}
