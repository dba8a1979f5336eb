import type { UserId } from '@parley/protocol'
import { useLocation } from 'wouter'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { Button } from '../../ui/button.tsx'
import { CheckIcon, InviteIcon, SendMessageIcon } from '../../ui/icons.tsx'
import type { RelationTo } from './relation.ts'
import type { Ending } from './person-question.tsx'
import styles from './person.module.css'

interface PersonActionsProps {
  readonly user: UserId
  readonly relation: RelationTo
  readonly onAsk: (question: Ending) => void
  readonly onLeave: () => void
}

/** What can be done with somebody, by what they are to this person. */
export function PersonActions({ user, relation, onAsk, onLeave }: PersonActionsProps) {
  const account = useAccount()
  const { t } = useLanguage()
  const [, navigate] = useLocation()
  const list = useObservable(account.conversations)
  const direct =
    list.state === 'known' ? list.conversations.find(({ other }) => other === user)?.id : undefined
  const go = (path: string): void => {
    onLeave()
    navigate(path)
  }
  if (relation.is === 'self') {
    return (
      <div className={styles.actions}>
        <Button onClick={() => go('/settings')}>{t('person.self.edit')}</Button>
      </div>
    )
  }
  return (
    <>
      <div className={styles.actions}>
        {relation.is === 'friend' && (
          <Button
            look="primary"
            icon={<SendMessageIcon size={18} />}
            onClick={() => go(`/c/${account.openDirect(user).conversation}`)}
          >
            {t('person.message')}
          </Button>
        )}
        {relation.is === 'stranger' && (
          <Button look="primary" icon={<InviteIcon size={18} />} onClick={() => account.requestFriend(user)}>
            {t('person.ask')}
          </Button>
        )}
        {relation.is === 'incoming' && (
          <>
            <Button
              look="primary"
              icon={<CheckIcon size={18} />}
              onClick={() => account.answerFriendRequest(relation.entry.request, true)}
            >
              {t('person.accept')}
            </Button>
            <Button onClick={() => account.answerFriendRequest(relation.entry.request, false)}>
              {t('person.decline')}
            </Button>
          </>
        )}
        {relation.is === 'blocked' && (
          <Button onClick={() => account.unblock(user)}>{t('person.unblock')}</Button>
        )}
        {relation.is !== 'friend' && direct !== undefined && (
          <Button onClick={() => go(`/c/${direct}`)}>{t('person.read')}</Button>
        )}
      </div>
      {relation.is !== 'blocked' && (
        <div className={styles.endings}>
          {relation.is === 'friend' && (
            <Button size="small" look="quiet" onClick={() => onAsk('remove')}>
              {t('person.remove')}
            </Button>
          )}
          <Button size="small" look="quiet" className={styles.danger ?? ''} onClick={() => onAsk('block')}>
            {t('person.block')}
          </Button>
        </div>
      )}
    </>
  )
}
