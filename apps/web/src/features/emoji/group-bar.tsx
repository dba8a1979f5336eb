import { useLanguage } from '../../i18n/language.tsx'
import { ClockIcon } from '../../ui/icons.tsx'
import { tip } from '../../ui/tip.ts'
import { type Group, GROUPS } from './emoji-set.ts'
import styles from './emoji.module.css'

const SIGNS: Readonly<Record<Group, string>> = {
  smileys: '😀',
  people: '👋',
  nature: '🌿',
  food: '🍎',
  travel: '✈️',
  activities: '⚽',
  objects: '💡',
  symbols: '❤️',
  flags: '🏳️',
}

interface GroupBarProps {
  readonly hasRecent: boolean
  readonly current: string | undefined
  readonly onGroup: (group: Group | 'recent') => void
}

/** Leads to each kind of emoji. */
export function GroupBar({ hasRecent, current, onGroup }: GroupBarProps) {
  const { t } = useLanguage()
  const groups = hasRecent ? (['recent', ...GROUPS] as const) : GROUPS
  return (
    <div role="group" aria-label={t('emoji.groups')} className={styles.groups}>
      {groups.map((group) => (
        <button
          key={group}
          type="button"
          {...tip(t(`emoji.${group}`))}
          aria-label={t(`emoji.${group}`)}
          aria-current={group === current || undefined}
          onClick={() => onGroup(group)}
        >
          {group === 'recent' ? <ClockIcon size={18} /> : SIGNS[group]}
        </button>
      ))}
    </div>
  )
}
