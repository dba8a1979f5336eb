import type { ConversationView } from '@parley/client'
import { lazy, Suspense } from 'react'
import { useAccount } from '../../context.tsx'
import { useObservable } from '../../observe.ts'
import { persistent } from '../../platform/persistent.ts'

const FaultNotice = lazy(persistent(() => import('./fault-notice.tsx')))

/** What is wrong with the history of a conversation, if anything is: mostly nothing. */
export function HistoryNotices({ view }: { view: ConversationView }) {
  const losses = useObservable(useAccount().losses)
  const loss = losses.find(({ conversation, isDismissed }) => conversation === view.id && !isDismissed)
  if (view.fault === undefined && !view.isLost && loss === undefined) return null
  return (
    <Suspense>
      <FaultNotice view={view} loss={loss} />
    </Suspense>
  )
}
