import type { ConversationView } from '@parley/client'
import { can, type Command, type UserId } from '@parley/protocol'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import type { PlainKey } from '../../i18n/translate.ts'
import { useObservable } from '../../observe.ts'
import { Button } from '../../ui/button.tsx'
import { ArchiveIcon, ClockIcon, LeaveIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import styles from './details.module.css'

/** How things stand between the person and a conversation, where that is not as usual, and the way on. */
export function StandingNotice({ view, self }: { view: ConversationView; self: UserId }) {
  const account = useAccount()
  const { t } = useLanguage()
  if (view.isLost) return <Notice look="warning">{t('details.standing.lost')}</Notice>
  switch (view.standing) {
    case 'left':
      return (
        <Notice look="quiet" icon={<LeaveIcon size={18} />}>
          {t('details.standing.left')}
        </Notice>
      )
    case 'joining':
    case 'leaving':
    case 'deleting':
      return <Going view={view} self={self} words={`details.standing.${view.standing}`} />
    case 'creating':
      return (
        <Notice look="quiet" icon={<ClockIcon size={18} />}>
          {t('details.standing.creating')}
        </Notice>
      )
    case 'refused':
      return <Notice look="danger">{t('details.standing.refused')}</Notice>
    case 'member':
      return view.archived ? (
        <div className={styles.notice}>
          <Notice look="quiet" icon={<ArchiveIcon size={18} />}>
            {t('details.standing.archived')}
          </Notice>
          {can(self, { do: 'update' }, view) && (
            <Button size="small" onClick={() => account.updateConversation(view.id, { archived: false })}>
              {t('details.standing.archived.reopen')}
            </Button>
          )}
        </div>
      ) : null
  }
}

interface GoingProps {
  readonly view: ConversationView
  readonly self: UserId
  readonly words: PlainKey
}

/** What was decided and the server does not know yet can still be taken back. */
function Going({ view, self, words }: GoingProps) {
  const account = useAccount()
  const { t } = useLanguage()
  const going = useObservable(account.commands).find(
    ({ command, fate }) => command !== undefined && fate.state !== 'refused' && isGoing(command, view, self),
  )
  return (
    <div className={styles.notice}>
      <Notice look="quiet" icon={<ClockIcon size={18} />}>
        {t(words)}
      </Notice>
      {going !== undefined && going.fate.state !== 'accepted' && (
        <Button size="small" onClick={() => void account.discard(going.id)}>
          {t('details.standing.take-back')}
        </Button>
      )}
    </div>
  )
}

const isGoing = (command: Command, { id }: ConversationView, self: UserId): boolean =>
  (command.type === 'conversation.delete' && command.conversation === id) ||
  ((command.type === 'member.add' || command.type === 'member.remove') &&
    command.conversation === id &&
    command.user === self)
