import type { Acquaintance } from '@parley/client'
import type { ReactNode } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { ClockIcon } from '../../ui/icons.tsx'
import { PersonLink } from '../person/person-link.tsx'
import styles from './friends.module.css'

interface PersonRowProps {
  readonly entry: Pick<Acquaintance, 'id' | 'profile'> & Partial<Pick<Acquaintance, 'fate' | 'command'>>
  /** Under the name. */
  readonly line?: ReactNode
  readonly children?: ReactNode
}

/** Somebody in a list: who they are, how things stand, and what can be done. */
export function PersonRow({ entry: { id, profile, fate, command }, line, children }: PersonRowProps) {
  const account = useAccount()
  const { t } = useLanguage()
  const name = profile?.name ?? t('common.someone')
  return (
    <li className={styles.row}>
      <PersonLink user={id} isRepeated>
        <Avatar id={id} name={name} isOnline={profile?.online === true} />
      </PersonLink>
      <div className={styles.person}>
        <div className={styles.name}>
          <PersonLink user={id}>
            <bdi>{name}</bdi>
          </PersonLink>
          {profile !== undefined && (
            <bdi className={styles.handle} dir="ltr">
              @{profile.username}
            </bdi>
          )}
        </div>
        <div className={styles.line}>
          {line}
          {fate !== undefined && (
            <span className={styles.waiting}>
              <ClockIcon size={13} />
              {t('friends.waiting')}
            </span>
          )}
        </div>
      </div>
      <div className={styles.doing}>
        {command !== undefined && (
          <Button
            size="small"
            aria-label={t('friends.undo', { name })}
            onClick={() => void account.discard(command)}
          >
            {t('person.undo')}
          </Button>
        )}
        {children}
      </div>
    </li>
  )
}
