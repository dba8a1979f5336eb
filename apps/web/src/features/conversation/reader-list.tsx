import type { UserId } from '@parley/protocol'
import { useLanguage } from '../../i18n/language.tsx'
import { useName } from '../../people.ts'
import { Avatar } from '../../ui/avatar.tsx'
import styles from './readers.module.css'

interface ReaderListProps {
  readonly by: readonly UserId[]
  readonly others: readonly UserId[]
}

/** Who has read a message, and who of the others has not. */
export function ReaderList({ by, others }: ReaderListProps) {
  const { t } = useLanguage()
  const missing = others.filter((user) => !by.includes(user))
  return (
    <div className={styles.list}>
      <People title={t('message.read-by.label')} users={by} />
      {missing.length > 0 && <People title={t('message.not-read-by')} users={missing} />}
    </div>
  )
}

/** More than this nobody reads; the count stands above. */
const SHOWN = 50

function People({ title, users }: { title: string; users: readonly UserId[] }) {
  const { t, formats } = useLanguage()
  const hidden = users.length - SHOWN
  return (
    <section>
      <h3 className={styles.title}>
        {title} <span>{formats.number(users.length)}</span>
      </h3>
      <ul>
        {users.slice(0, SHOWN).map((user) => (
          <Reader key={user} user={user} />
        ))}
      </ul>
      {hidden > 0 && <p className={styles.more}>{t('event.others', { count: hidden })}</p>}
    </section>
  )
}

function Reader({ user }: { user: UserId }) {
  const name = useName(user)
  return (
    <li className={styles.reader}>
      <Avatar id={user} name={name} size="tiny" />
      <bdi>{name}</bdi>
    </li>
  )
}
