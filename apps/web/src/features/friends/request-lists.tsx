import type { Requested } from '@parley/client'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { InviteIcon } from '../../ui/icons.tsx'
import { Rows } from '../../ui/rows.tsx'
import { PersonRow } from './person-row.tsx'
import { RowMenu } from './row-menu.tsx'

export function RequestLists() {
  const { t } = useLanguage()
  const { incoming, outgoing } = useObservable(useAccount().friends)
  if (incoming.length === 0 && outgoing.length === 0) {
    return (
      <Empty
        icon={<InviteIcon size={26} />}
        title={t('friends.requests.none.title')}
        body={t('friends.requests.none.body')}
      />
    )
  }
  return (
    <>
      {incoming.length > 0 && (
        <Rows title={t('friends.incoming')}>
          {incoming.map((entry) => (
            <IncomingRow key={entry.request} entry={entry} />
          ))}
        </Rows>
      )}
      {outgoing.length > 0 && (
        <Rows title={t('friends.outgoing')}>
          {outgoing.map((entry) => (
            <OutgoingRow key={entry.request} entry={entry} />
          ))}
        </Rows>
      )}
    </>
  )
}

export function IncomingRow({ entry }: { entry: Requested }) {
  const account = useAccount()
  const { t, formats } = useLanguage()
  const name = entry.profile?.name ?? t('common.someone')
  const answer = (accept: boolean) => (): void => {
    account.answerFriendRequest(entry.request, accept)
  }
  return (
    <PersonRow entry={entry} line={t('friends.asked-you', { ago: formats.relative(entry.at, Date.now()) })}>
      <Button size="small" look="primary" aria-label={t('friends.accept', { name })} onClick={answer(true)}>
        {t('person.accept')}
      </Button>
      <Button size="small" aria-label={t('friends.decline', { name })} onClick={answer(false)}>
        {t('person.decline')}
      </Button>
      <RowMenu user={entry.id} name={entry.profile?.name} />
    </PersonRow>
  )
}

/** What has been sent cannot be taken back, only blocked; what waits can. */
export function OutgoingRow({ entry }: { entry: Requested }) {
  const { t, formats } = useLanguage()
  return (
    <PersonRow entry={entry} line={t('friends.asked', { ago: formats.relative(entry.at, Date.now()) })}>
      <RowMenu user={entry.id} name={entry.profile?.name} />
    </PersonRow>
  )
}
