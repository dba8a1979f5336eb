import type { ConversationView } from '@parley/client'
import type { UserId } from '@parley/protocol'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useName } from '../../people.ts'
import { Notice } from '../../ui/notice.tsx'
import { Question } from '../../ui/question.tsx'
import { titleOf } from '../inbox/titles.ts'
import { afterLeaving } from './after-leaving.ts'

interface LeaveQuestionProps {
  readonly view: ConversationView
  readonly self: UserId
  readonly onClose: () => void
  readonly onLeft: () => void
}

/** Asks before somebody goes, and says what becomes of the conversation without them. */
export function LeaveQuestion({ view, self, onClose, onLeft }: LeaveQuestionProps) {
  const account = useAccount()
  const { t } = useLanguage()
  const after = afterLeaving(view, self)
  const leave = (): void => {
    account.leave(view.id)
    onLeft()
  }
  return (
    <Question
      title={t('details.leave.title', { title: titleOf(view, t) })}
      body={t(view.kind === 'channel' ? 'details.leave.body.channel' : 'details.leave.body')}
      confirm={t('details.leave.confirm')}
      onClose={onClose}
      onConfirm={leave}
    >
      {after.state === 'handed-over' && <Heir user={after.to} />}
      {after.state === 'handed-over-to-somebody' && (
        <Notice look="quiet">{t('details.leave.heir-unknown')}</Notice>
      )}
      {after.state === 'deleted' && <Notice look="warning">{t('details.leave.last')}</Notice>}
    </Question>
  )
}

function Heir({ user }: { user: UserId }) {
  const { t } = useLanguage()
  return <Notice look="quiet">{t('details.leave.heir', { name: useName(user) })}</Notice>
}
