import type { ConversationView } from '@parley/client'
import { can, type UserId } from '@parley/protocol'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { ArchiveIcon, LeaveIcon, TrashIcon } from '../../ui/icons.tsx'
import { Question } from '../../ui/question.tsx'
import { titleOf } from '../inbox/titles.ts'
import { DeleteDialog } from './delete-dialog.tsx'
import { ExportWays } from './export-ways.tsx'
import { LeaveQuestion } from './leave-question.tsx'
import { OtherWays } from './other-ways.tsx'
import { Way } from './way.tsx'
import styles from './ways-out.module.css'

interface WaysOutProps {
  readonly view: ConversationView
  readonly self: UserId
  readonly isIn: boolean
  readonly onClose: () => void
}

/** What takes a conversation along, puts it away or ends it. */
export function WaysOut({ view, self, isIn, onClose }: WaysOutProps) {
  const account = useAccount()
  const { t } = useLanguage()
  const [, navigate] = useLocation()
  const [asking, setAsking] = useState<'leave' | 'delete' | 'forget'>()
  const stop = (): void => setAsking(undefined)
  const may = (what: 'update' | 'leave' | 'delete'): boolean =>
    view.standing === 'member' && can(self, { do: what }, view)
  const leftOver = view.standing === 'left'
  return (
    <section className={styles.ways} aria-label={t('details.ways')}>
      <ExportWays view={view} isIn={isIn} />
      {view.other !== undefined && <OtherWays user={view.other} />}
      {may('update') && (
        <Way
          icon={<ArchiveIcon />}
          isWaiting={view.changing.has('archived')}
          onSelect={() => account.updateConversation(view.id, { archived: !view.archived })}
        >
          {t(view.archived ? UNARCHIVE[view.kind] : ARCHIVE[view.kind])}
        </Way>
      )}
      {may('leave') && (
        <Way icon={<LeaveIcon />} isDangerous onSelect={() => setAsking('leave')}>
          {t(view.kind === 'channel' ? 'details.leave.channel' : 'details.leave')}
        </Way>
      )}
      {may('delete') && (
        <Way icon={<TrashIcon />} isDangerous onSelect={() => setAsking('delete')}>
          {t('details.delete')}
        </Way>
      )}
      {leftOver && (
        <Way icon={<TrashIcon />} isDangerous onSelect={() => setAsking('forget')}>
          {t('details.forget')}
        </Way>
      )}
      {asking === 'leave' && <LeaveQuestion view={view} self={self} onClose={stop} onLeft={onClose} />}
      {asking === 'delete' && <DeleteDialog view={view} onClose={stop} onDeleted={onClose} />}
      {asking === 'forget' && (
        <Question
          title={t('details.forget.title', { title: titleOf(view, t) })}
          body={t('details.forget.body')}
          confirm={t('details.forget.confirm')}
          onClose={stop}
          onConfirm={() => {
            stop()
            navigate('/')
            void account.forget(view.id)
          }}
        />
      )}
    </section>
  )
}

const ARCHIVE = {
  direct: 'details.archive',
  group: 'details.archive',
  channel: 'details.archive.channel',
} as const
const UNARCHIVE = {
  direct: 'details.unarchive',
  group: 'details.unarchive',
  channel: 'details.unarchive.channel',
} as const
