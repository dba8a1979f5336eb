import type { ConversationView } from '@parley/client'
import type { UserId } from '@parley/protocol'
import { useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { ForwardIcon } from '../../ui/icons.tsx'
import { MemberList } from './member-list.tsx'
import { Removal } from './removal.tsx'
import type { Listing } from './use-listing.ts'
import { useMembers } from './use-members.ts'
import styles from './members.module.css'

interface MembersProps {
  readonly view: ConversationView
  readonly self: UserId
  readonly listing: Listing
  readonly onAll: () => void
}

/** So many stand among the details; where there are more, a list of its own has all of them. */
const FIRST = 8

/** The first of those who are in a conversation. */
export function Members({ view, self, listing, onAll }: MembersProps) {
  const { t, formats } = useLanguage()
  const [removing, setRemoving] = useState<UserId>()
  const [isHeld, setIsHeld] = useState(false)
  const members = useMembers({ view, self, listing, isHeld })
  const hasMore = members.length > FIRST || listing.more !== undefined
  return (
    <section aria-labelledby="members-title">
      <h3 id="members-title" className={styles.heading}>
        {t('details.members')} <span>{formats.number(view.memberCount)}</span>
      </h3>
      {listing.state === 'loading' && <p className={styles.words}>{t('details.members.loading')}</p>}
      {listing.state === 'unavailable' && (
        <p className={styles.words} role="status">
          {t(view.standing === 'member' ? 'details.members.offline' : 'details.members.unknown')}
        </p>
      )}
      {listing.state !== 'loading' && (
        <MemberList
          view={view}
          self={self}
          members={hasMore ? members.slice(0, FIRST) : members}
          listing={listing}
          onRemove={setRemoving}
          onHold={setIsHeld}
        />
      )}
      {hasMore && (
        <button type="button" className={styles.all} data-leads-to="members" onClick={onAll}>
          {t('details.members.all', { count: view.memberCount })}
          <ForwardIcon size={16} />
        </button>
      )}
      {removing !== undefined && (
        <Removal view={view} user={removing} onClose={() => setRemoving(undefined)} />
      )}
    </section>
  )
}
