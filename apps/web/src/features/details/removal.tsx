import type { ConversationView } from '@parley/client'
import type { UserId } from '@parley/protocol'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useName } from '../../people.ts'
import { Question } from '../../ui/question.tsx'

interface RemovalProps {
  readonly view: ConversationView
  readonly user: UserId
  readonly onClose: () => void
}

export function Removal({ view, user, onClose }: RemovalProps) {
  const account = useAccount()
  const { t } = useLanguage()
  return (
    <Question
      title={t('details.remove.title', { name: useName(user) })}
      body={t(view.kind === 'channel' ? 'details.remove.body.channel' : 'details.remove.body')}
      confirm={t('details.remove.confirm')}
      onClose={onClose}
      onConfirm={() => {
        onClose()
        account.removeMember(view.id, user)
      }}
    />
  )
}
