import type { ConversationView } from '@parley/client'
import type { UserId } from '@parley/protocol'
import { useLanguage } from '../../i18n/language.tsx'
import { MemberRow } from './member-row.tsx'
import type { Listing } from './use-listing.ts'
import type { ListedMember } from './use-members.ts'
import styles from './members.module.css'

interface MemberListProps {
  readonly view: ConversationView
  readonly self: UserId
  readonly members: readonly ListedMember[]
  readonly listing: Listing
  readonly onRemove: (user: UserId) => void
  /** Somebody points into the list or has the keyboard in it, or no longer. */
  readonly onHold: (isHeld: boolean) => void
}

export function MemberList({ view, self, members, listing, onRemove, onHold }: MemberListProps) {
  const { t } = useLanguage()
  const governed = view.kind === 'channel' ? { ...view, members: listing.members } : view
  return (
    <ul
      className={styles.members}
      aria-label={t('details.members')}
      onPointerEnter={() => onHold(true)}
      onPointerLeave={({ currentTarget }) => onHold(currentTarget.contains(document.activeElement))}
      onFocus={() => onHold(true)}
      onBlur={({ currentTarget, relatedTarget }) => onHold(currentTarget.contains(relatedTarget))}
    >
      {members.map((member) => (
        <MemberRow
          key={member.user}
          view={view}
          governed={governed}
          self={self}
          member={member}
          onRemove={onRemove}
        />
      ))}
    </ul>
  )
}
