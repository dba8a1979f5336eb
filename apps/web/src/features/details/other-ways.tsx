import type { UserId } from '@parley/protocol'
import { useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useName } from '../../people.ts'
import { BlockIcon, CheckIcon, InviteIcon, LeaveIcon } from '../../ui/icons.tsx'
import { PersonQuestion, type Ending } from '../person/person-question.tsx'
import { RefusedLine } from '../person/refused-line.tsx'
import { useRefused, useRelation } from '../person/use-relation.ts'
import { Way } from './way.tsx'
import styles from './ways-out.module.css'

/** What can be done about the other person of a direct conversation. */
export function OtherWays({ user }: { user: UserId }) {
  const account = useAccount()
  const { t } = useLanguage()
  const name = useName(user)
  const relation = useRelation(user)
  const refused = useRefused(user)
  const [asking, setAsking] = useState<Ending>()
  const isWaiting = 'entry' in relation && relation.entry.fate !== undefined
  return (
    <>
      {refused.map((each) => (
        <RefusedLine key={each.id} refused={each} />
      ))}
      {relation.is === 'friend' && (
        <Way icon={<LeaveIcon />} onSelect={() => setAsking('remove')}>
          {t('person.remove')}
        </Way>
      )}
      {relation.is === 'incoming' && (
        <Way icon={<CheckIcon />} onSelect={() => account.answerFriendRequest(relation.entry.request, true)}>
          {t('details.accept', { name })}
        </Way>
      )}
      {relation.is === 'outgoing' && (
        <p className={styles.fact} role="status">
          {t('person.outgoing', { name })}
        </p>
      )}
      {relation.is === 'stranger' && (
        <Way icon={<InviteIcon />} onSelect={() => account.requestFriend(user)}>
          {t('details.befriend', { name })}
        </Way>
      )}
      {relation.is === 'blocked' ? (
        <Way icon={<BlockIcon />} isWaiting={isWaiting} onSelect={() => account.unblock(user)}>
          {t('details.unblock', { name })}
        </Way>
      ) : (
        <Way icon={<BlockIcon />} isDangerous onSelect={() => setAsking('block')}>
          {t('details.block', { name })}
        </Way>
      )}
      {asking !== undefined && (
        <PersonQuestion user={user} question={asking} onClose={() => setAsking(undefined)} />
      )}
    </>
  )
}
