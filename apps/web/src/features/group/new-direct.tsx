import type { FriendsView } from '@parley/client'
import type { FriendRequestId, rest, UserId } from '@parley/protocol'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ClockIcon, PersonIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PeoplePicker } from './people-picker.tsx'
import styles from './group.module.css'

type Standing =
  | { readonly is: 'friend' | 'stranger' | 'blocked' }
  | { readonly is: 'asked'; readonly isSent: boolean }
  | { readonly is: 'asking'; readonly request: FriendRequestId }

function standingOf({ friends, incoming, outgoing, blocked }: FriendsView, user: UserId): Standing {
  const has = ({ id }: { id: UserId }): boolean => id === user
  if (friends.some(has)) return { is: 'friend' }
  if (blocked.some(has)) return { is: 'blocked' }
  const asking = incoming.find(has)
  if (asking !== undefined) return { is: 'asking', request: asking.request }
  const asked = outgoing.find(has)
  return asked === undefined ? { is: 'stranger' } : { is: 'asked', isSent: asked.fate === undefined }
}

/** The conversation with one person: at once with a friend, and the way to become one with anybody else. */
export default function NewDirect({ onClose }: { onClose: () => void }) {
  const account = useAccount()
  const { t } = useLanguage()
  const [, navigate] = useLocation()
  const me = useObservable(account.me)
  const friends = useObservable(account.friends)
  const [chosen, setChosen] = useState<rest.User>()
  const write = (user: UserId): void => {
    onClose()
    navigate(`/c/${account.openDirect(user).conversation}`)
  }
  const choose = (people: readonly rest.User[]): void => {
    const last = people.at(-1)
    if (last !== undefined && standingOf(friends, last.id).is === 'friend') write(last.id)
    else setChosen(last)
  }
  return (
    <Dialog isOpen onClose={onClose} title={t('direct.title')} lead={t('direct.lead')}>
      <div className={styles.form}>
        <PeoplePicker
          label={t('direct.people')}
          chosen={chosen === undefined ? [] : [chosen]}
          onChange={choose}
          except={new Set([me.id])}
          most={1}
          autoFocus
        />
        {chosen !== undefined && (
          <Relation
            user={chosen}
            standing={standingOf(friends, chosen.id)}
            onWrite={() => write(chosen.id)}
          />
        )}
      </div>
    </Dialog>
  )
}

interface RelationProps {
  readonly user: rest.User
  readonly standing: Standing
  readonly onWrite: () => void
}

/** How things are between the two, and what can be done about it. */
function Relation({ user: { id, name }, standing, onWrite }: RelationProps) {
  const account = useAccount()
  const { t } = useLanguage()
  switch (standing.is) {
    case 'friend':
      return (
        <Button look="primary" onClick={onWrite}>
          {t('direct.write')}
        </Button>
      )
    case 'stranger':
      return (
        <>
          <Notice look="quiet" icon={<PersonIcon size={18} />}>
            {t('direct.stranger', { name })}
          </Notice>
          <Button look="primary" onClick={() => void account.requestFriend(id)}>
            {t('direct.ask')}
          </Button>
        </>
      )
    case 'asked':
      return (
        <Notice look="quiet" icon={<ClockIcon size={18} />}>
          {t(standing.isSent ? 'direct.asked' : 'direct.asked.waiting', { name })}
        </Notice>
      )
    case 'asking':
      return (
        <>
          <Notice look="quiet" icon={<PersonIcon size={18} />}>
            {t('direct.asking', { name })}
          </Notice>
          <Button
            look="primary"
            onClick={() => {
              account.answerFriendRequest(standing.request, true)
              onWrite()
            }}
          >
            {t('direct.accept')}
          </Button>
        </>
      )
    case 'blocked':
      return <Notice look="warning">{t('direct.blocked', { name })}</Notice>
  }
}
