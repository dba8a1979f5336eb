import { Link } from 'wouter'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { ForwardIcon } from '../../ui/icons.tsx'
import { GROUPS, SECTIONS, type SectionName } from './sections.ts'
import styles from './settings.module.css'

/** All sections; who one is stands above them. */
export function SettingsList({ shown }: { shown: SectionName }) {
  const { t } = useLanguage()
  const me = useObservable(useAccount().me)
  return (
    <nav className={styles.list} aria-label={t('settings.sections')}>
      <div className={styles.whoami}>
        <Avatar id={me.id} name={me.name} />
        <div>
          <b dir="auto">{me.name}</b>
          <bdi>@{me.username}</bdi>
        </div>
      </div>
      {GROUPS.map(({ name, sections }) => (
        <ul key={name} aria-label={t(`settings.group.${name}`)}>
          {sections.map((section) => {
            const Icon = SECTIONS[section].icon
            return (
              <li key={section}>
                <Link
                  href={`/settings/${section}`}
                  className={styles.place ?? ''}
                  aria-current={section === shown ? 'page' : undefined}
                >
                  <Icon />
                  <span>{t(`settings.${section}`)}</span>
                  <span className={styles.forward}>
                    <ForwardIcon size={16} />
                  </span>
                </Link>
              </li>
            )
          })}
        </ul>
      ))}
    </nav>
  )
}
