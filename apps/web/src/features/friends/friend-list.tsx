import type { Acquaintance } from '@parley/client'
import { memo } from 'react'
import { useLocation } from 'wouter'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { IconButton } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { PeopleIcon, SendMessageIcon } from '../../ui/icons.tsx'
import { Activity } from '../person/activity.tsx'
import { PersonRow } from './person-row.tsx'
import { Portions } from './portions.tsx'
import { RowMenu } from './row-menu.tsx'
import styles from './friends.module.css'

export function FriendList() {
  const { t } = useLanguage()
  const { friends, isComplete } = useObservable(useAccount().friends)
  const link = useObservable(useAccount().link)
  if (friends.length === 0) {
    // A device that has never heard of them says nothing it does not know.
    const isLoading = !isComplete && link.state !== 'offline' && link.state !== 'waiting'
    return isLoading ? (
      <p className={styles.words} role="status">
        {t('friends.loading')}
      </p>
    ) : (
      <Empty icon={<PeopleIcon size={26} />} title={t('friends.none.title')} body={t('friends.none.body')} />
    )
  }
  return (
    <Portions items={friends} label={t('friends.tab.friends')}>
      {(entry) => <FriendRow key={entry.id} entry={entry} />}
    </Portions>
  )
}

export const FriendRow = memo(function FriendRow({ entry }: { entry: Acquaintance }) {
  const account = useAccount()
  const { t } = useLanguage()
  const [, navigate] = useLocation()
  const name = entry.profile?.name ?? t('common.someone')
  return (
    <PersonRow entry={entry} line={<Activity user={entry.id} />}>
      <IconButton
        label={t('friends.message', { name })}
        icon={<SendMessageIcon />}
        hasTip={false}
        onClick={() => navigate(`/c/${account.openDirect(entry.id).conversation}`)}
      />
      <RowMenu user={entry.id} name={entry.profile?.name} isFriend />
    </PersonRow>
  )
})
