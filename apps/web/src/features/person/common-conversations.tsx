import type { UserId } from '@parley/protocol'
import { Link } from 'wouter'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { titleOf } from '../inbox/titles.ts'
import styles from './person.module.css'

const SHOWN = 4

/** Where both are members, as far as the device knows, newest activity first. */
export function CommonConversations({ user, onLeave }: { user: UserId; onLeave: () => void }) {
  const { t } = useLanguage()
  const list = useObservable(useAccount().conversations)
  const all = list.state === 'known' ? list.conversations : []
  const common = all.filter(
    ({ kind, standing, members }) => kind !== 'direct' && standing === 'member' && members.has(user),
  )
  if (common.length === 0) return null
  return (
    <section className={styles.common}>
      <h3>{t('person.common')}</h3>
      <ul>
        {common.slice(0, SHOWN).map((view) => (
          <li key={view.id}>
            <Link href={`/c/${view.id}`} onClick={onLeave}>
              <Avatar id={view.id} name={titleOf(view, t)} shape="group" size="tiny" />
              <bdi>{titleOf(view, t)}</bdi>
            </Link>
          </li>
        ))}
      </ul>
      {common.length > SHOWN && <p>{t('person.common.more', { count: common.length - SHOWN })}</p>}
    </section>
  )
}
