import type { ConversationView } from '@parley/client'
import { can, type ConversationId, type EventId, type Seq } from '@parley/protocol'
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useObservable } from '../../observe.ts'
import { attention } from '../../platform/attention.ts'
import { persistent } from '../../platform/persistent.ts'
import { Composer } from '../compose/composer.tsx'
import { ViewerProvider } from '../viewer/viewer-provider.tsx'
import { readersOf } from './delivery.ts'
import { Header } from './header.tsx'
import { HistoryNotices } from './history-notices.tsx'
import { LiveRegion } from './live-region.tsx'
import { ReadersContext } from './message-context.ts'
import { Missing } from './missing.tsx'
import { Timeline } from './timeline.tsx'
import { TypingLine } from './typing-line.tsx'
import { useSameList } from './use-same.ts'
import styles from './conversation.module.css'

const Details = lazy(persistent(() => import('../details/details.tsx')))

interface ConversationScreenProps {
  readonly id: ConversationId
  readonly shownSeq: Seq | undefined
  readonly hasDetails: boolean
}

/** One conversation: what was said, a place to answer, and what is known of it. */
export default function ConversationScreen({ id, shownSeq, hasDetails }: ConversationScreenProps) {
  const account = useAccount()
  const me = useObservable(account.me)
  const view = useObservable(useMemo(() => account.conversation(id), [account, id]))
  const presence = useObservable(useMemo(() => account.presence(id), [account, id]))
  const reads = useObservable(useMemo(() => account.reads(id), [account, id]))
  const timeline = useMemo(() => account.timeline(id), [account, id])
  const isAttentive = useObservable(attention)
  // How often an answer was begun here: each time the keyboard goes to where it is written.
  const [replies, setReplies] = useState(0)
  useEffect(() => account.setActive(id, isAttentive), [account, id, isAttentive])
  const onReply = useCallback(
    (message: EventId) => {
      account.setDraftReply(id, message)
      setReplies((before) => before + 1)
    },
    [account, id],
  )

  // The view is another one with each letter of the draft: rows are to be drawn again only for what they show.
  const members = useSameList([...(view?.members.keys() ?? NOBODY)])
  const kind = view?.kind ?? 'group'
  const maySend = view !== undefined && view.standing !== 'left' && can(me.id, { do: 'send' }, view)
  const mayReact = view !== undefined && view.standing !== 'left' && can(me.id, { do: 'react' }, view)
  const context = useMemo(
    () => ({
      conversation: id,
      self: me.id,
      ownHandle: me.username,
      kind,
      mayReact,
      maySend,
      onReply,
    }),
    [id, me.id, me.username, kind, mayReact, maySend, onReply],
  )
  const readers = useMemo(
    () => ({
      positions: readersOf(reads, new Set(members), me.id),
      // Of a channel only some members are known: nobody can be said to be missing.
      others: kind === 'channel' ? [] : members.filter((user) => user !== me.id),
    }),
    [reads, members, me.id, kind],
  )
  const shown = useShown(view)
  if (view === undefined || shown === undefined)
    return (
      <div className={styles.screen}>
        <main className={styles.conversation}>
          <Missing />
        </main>
      </div>
    )
  return (
    <ViewerProvider timeline={timeline}>
      <div className={styles.screen} data-details={hasDetails || undefined}>
        <main className={styles.conversation}>
          <Header view={view} presence={presence} hasDetails={hasDetails} />
          <HistoryNotices view={view} />
          <ReadersContext value={readers}>
            <Timeline view={shown} timeline={timeline} context={context} shownSeq={shownSeq} />
          </ReadersContext>
          <TypingLine typing={presence.typing} />
          <Composer view={view} self={me.id} replies={replies} />
          <LiveRegion timeline={timeline} self={me.id} />
        </main>
        <Suspense>{hasDetails && <Details view={view} />}</Suspense>
      </div>
    </ViewerProvider>
  )
}

const NOBODY: readonly never[] = []

/** Of a conversation, what the timeline shows: the same object until one of that changes. */
function useShown(view: ConversationView | undefined) {
  const { id, kind, title = '', topic = '', other, readSeq = 0, unread = 0 } = view ?? {}
  return useMemo(
    () =>
      id === undefined || kind === undefined ? undefined : { id, kind, title, topic, other, readSeq, unread },
    [id, kind, title, topic, other, readSeq, unread],
  )
}
