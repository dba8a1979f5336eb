import { can, type ConversationId, type Seq } from '@parley/protocol'
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { attention } from '../../platform/attention.ts'
import { persistent } from '../../platform/persistent.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { PeopleIcon } from '../../ui/icons.tsx'
import { Composer } from '../compose/composer.tsx'
import { readersOf } from './delivery.ts'
import { Header } from './header.tsx'
import { HistoryNotices } from './history-notices.tsx'
import { LiveRegion } from './live-region.tsx'
import type { Answered } from './message-context.ts'
import { Timeline } from './timeline.tsx'
import { TypingLine } from './typing-line.tsx'
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
  const [reply, setReply] = useState<Answered>()
  useEffect(() => account.setActive(id, isAttentive), [account, id, isAttentive])
  const endReply = useCallback(() => setReply(undefined), [])

  const members = view?.members
  const isDirect = view?.kind === 'direct'
  const maySend = view !== undefined && view.standing !== 'left' && can(me.id, { do: 'send' }, view)
  const mayReact = view !== undefined && view.standing !== 'left' && can(me.id, { do: 'react' }, view)
  const context = useMemo(
    () => ({
      conversation: id,
      self: me.id,
      ownHandle: me.username,
      isDirect,
      mayReact,
      maySend,
      readers: readersOf(reads, members ?? new Map(), me.id),
      onReply: setReply,
    }),
    [id, me.id, me.username, isDirect, mayReact, maySend, reads, members],
  )
  if (view === undefined) return <Missing />
  return (
    <div className={styles.screen} data-details={hasDetails || undefined}>
      <main className={styles.conversation}>
        <Header view={view} presence={presence} hasDetails={hasDetails} />
        <HistoryNotices view={view} />
        <Timeline view={view} timeline={timeline} context={context} shownSeq={shownSeq} />
        <TypingLine typing={presence.typing} />
        <Composer view={view} self={me.id} reply={reply} onReplyEnd={endReply} />
        <LiveRegion timeline={timeline} self={me.id} />
      </main>
      <Suspense>{hasDetails && <Details view={view} />}</Suspense>
    </div>
  )
}

function Missing() {
  const account = useAccount()
  const { t } = useLanguage()
  const [, navigate] = useLocation()
  const list = useObservable(account.conversations)
  // Until the server has listed them, a conversation made on another device is only not here yet.
  if (list.state === 'loading' || !list.isComplete) {
    return (
      <p className="visually-hidden" role="status">
        {t('conversation.opening')}
      </p>
    )
  }
  return (
    <Empty
      icon={<PeopleIcon size={26} />}
      title={t('conversation.missing.title')}
      body={t('conversation.missing.body')}
    >
      <Button onClick={() => navigate('/')}>{t('conversation.missing.back')}</Button>
    </Empty>
  )
}
