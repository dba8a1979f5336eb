import type { ConversationView } from '@parley/client'
import type { UserId } from '@parley/protocol'
import { useEffect, useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { matches } from '../inbox/titles.ts'
import { MemberList } from './member-list.tsx'
import { Removal } from './removal.tsx'
import type { Listing } from './use-listing.ts'
import { useMembers } from './use-members.ts'
import { useMore } from './use-more.ts'
import styles from './members.module.css'

interface AllMembersProps {
  readonly view: ConversationView
  readonly self: UserId
  readonly listing: Listing
}

/** Everybody who is in a conversation, and a box that finds one of them. */
export function AllMembers({ view, self, listing }: AllMembersProps) {
  const { t } = useLanguage()
  const [query, setQuery] = useState('')
  const [removing, setRemoving] = useState<UserId>()
  const [isHeld, setIsHeld] = useState(false)
  const members = useMembers({ view, self, listing, isHeld })
  const wanted = query.trim()
  const found =
    wanted === '' ? members : members.filter(({ name, username }) => matches(`${name} @${username}`, wanted))
  const { shown, end, more } = useMore(found.length, listing.more)
  useEffect(() => {
    // Who is looked for may be on a page that has not come yet.
    if (wanted !== '') listing.more?.()
  }, [wanted, listing])
  return (
    <>
      <div className={styles.filter}>
        <Field
          label={t('details.members.filter')}
          autoFocus
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={({ target }) => setQuery(target.value)}
        />
        <p className="visually-hidden" role="status">
          {wanted !== '' && t('details.members.found', { count: found.length })}
        </p>
      </div>
      {found.length === 0 && listing.state === 'known' && listing.more === undefined && (
        <p className={styles.words}>{t('details.members.none', { query: wanted })}</p>
      )}
      {listing.state === 'unavailable' && <p className={styles.words}>{t('details.members.offline')}</p>}
      <MemberList
        view={view}
        self={self}
        members={found.slice(0, shown)}
        listing={listing}
        onRemove={setRemoving}
        onHold={setIsHeld}
      />
      {more !== undefined && (
        <div ref={end} className={styles.more}>
          <Button size="small" onClick={more}>
            {t('details.members.more')}
          </Button>
        </div>
      )}
      {removing !== undefined && (
        <Removal view={view} user={removing} onClose={() => setRemoving(undefined)} />
      )}
    </>
  )
}
