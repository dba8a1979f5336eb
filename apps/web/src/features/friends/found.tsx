import type { Acquaintance, FriendsView } from '@parley/client'
import type { rest } from '@parley/protocol'
import { useDeferredValue } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { Button } from '../../ui/button.tsx'
import { InviteIcon } from '../../ui/icons.tsx'
import { Rows } from '../../ui/rows.tsx'
import { usePeopleSearch } from '../group/use-people-search.ts'
import { matches } from '../inbox/titles.ts'
import { relationTo } from '../person/relation.ts'
import { BlockedRow } from './blocked-list.tsx'
import { FriendRow } from './friend-list.tsx'
import { PersonRow } from './person-row.tsx'
import { IncomingRow, OutgoingRow } from './request-lists.tsx'
import styles from './friends.module.css'

/** As many as one reads: who types more finds fewer. */
const SHOWN = 50

/** Those this person knows, from the device, and below them everybody else, from the server. */
export function Found({ query }: { query: string }) {
  const { t } = useLanguage()
  const account = useAccount()
  const view = useObservable(account.friends)
  const { id: self } = useObservable(account.me)
  const wanted = useDeferredValue(query)
  const search = usePeopleSearch(query)
  const known = knownBy(view, wanted)
  const isKnown = new Set(known.map((each) => each.id))
  const others = search.people.filter((user) => !isKnown.has(user.id))
  const words = (): string => {
    switch (search.state) {
      case 'unavailable':
        return t('friends.find.offline')
      case 'found':
        if (others.length > 0) return ''
        return t(known.length > 0 ? 'friends.find.none' : 'friends.find.nobody', { query })
      default:
        return t('friends.find.searching')
    }
  }
  return (
    <div className={styles.panel}>
      {known.length > 0 && (
        <Rows title={t('friends.find.yours')}>
          {known.slice(0, SHOWN).map((entry) => (
            <FoundRow key={entry.id} user={entry} view={view} self={self} />
          ))}
        </Rows>
      )}
      {others.length > 0 && (
        <Rows title={t('friends.find.others')}>
          {others.map((user) => (
            <FoundRow
              key={user.id}
              user={{ id: user.id, profile: { ...user, online: undefined } }}
              view={view}
              self={self}
            />
          ))}
        </Rows>
      )}
      <p className={styles.words} role="status">
        {words()}
      </p>
    </div>
  )
}

/** Everybody who is something to this person and whose name or username has all the words. */
const knownBy = (view: FriendsView, query: string): readonly Acquaintance[] =>
  [...view.friends, ...view.incoming, ...view.outgoing, ...view.blocked].filter(
    ({ profile }) => profile !== undefined && matches(`${profile.name} @${profile.username}`, query),
  )

interface FoundRowProps {
  readonly user: Pick<Acquaintance, 'id' | 'profile'>
  readonly view: FriendsView
  readonly self: rest.User['id']
}

function FoundRow({ user, view, self }: FoundRowProps) {
  const account = useAccount()
  const { t } = useLanguage()
  const relation = relationTo(user.id, self, view)
  switch (relation.is) {
    case 'friend':
      return <FriendRow entry={relation.entry} />
    case 'incoming':
      return <IncomingRow entry={relation.entry} />
    case 'outgoing':
      return <OutgoingRow entry={relation.entry} />
    case 'blocked':
      return <BlockedRow entry={relation.entry} />
    case 'self':
      return <PersonRow entry={user} line={t('friends.find.self')} />
    case 'stranger':
      return (
        <PersonRow entry={user}>
          <Button
            size="small"
            icon={<InviteIcon size={16} />}
            aria-label={t('friends.ask', { name: user.profile?.name ?? t('common.someone') })}
            onClick={() => account.requestFriend(user.id)}
          >
            {t('person.ask')}
          </Button>
        </PersonRow>
      )
  }
}
