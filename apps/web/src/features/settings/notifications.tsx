import type { ConversationView } from '@parley/client'
import { chosenLevel, isMuted } from '@parley/protocol'
import { Link } from 'wouter'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { NotificationSettings } from '../told/notification-settings.tsx'
import { BellIcon } from './icons.tsx'
import { titleOf } from '../inbox/titles.ts'
import { Section } from './section.tsx'
import parts from './parts.module.css'

/** What the person is told of: on this device, and which conversations are different from the others. */
export function Notifications() {
  const account = useAccount()
  const { t } = useLanguage()
  const preferences = useObservable(account.preferences)
  const list = useObservable(account.conversations)
  const all = list.state === 'known' ? list.conversations : []
  const different = all.filter(
    ({ id, standing }) =>
      standing !== 'left' && (preferences.levels.has(id) || isMuted(preferences, id, Date.now())),
  )
  return (
    <Section title={t('settings.notifications')} lead={t('settings.notifications.lead')}>
      <NotificationSettings />
      <Section title={t('settings.notifications.different')} level={3}>
        {different.length === 0 ? (
          <p className={parts.nothing}>{t('settings.notifications.none')}</p>
        ) : (
          <ul className={parts.card}>
            {different.map((view) => (
              <Different key={view.id} view={view} />
            ))}
          </ul>
        )}
      </Section>
    </Section>
  )
}

function Different({ view }: { view: ConversationView }) {
  const account = useAccount()
  const { t } = useLanguage()
  const preferences = useObservable(account.preferences)
  const title = titleOf(view, t)
  const level = chosenLevel(preferences, view.id, view.kind)
  return (
    <li className={parts.line}>
      <Avatar
        id={view.other ?? view.id}
        name={title}
        shape={view.other === undefined ? 'group' : 'person'}
        size="small"
      />
      <div>
        <b dir="auto">{title}</b>
        <p>
          {t(
            isMuted(preferences, view.id, Date.now())
              ? 'settings.notifications.muted'
              : `details.notify.${level}`,
          )}
        </p>
      </div>
      <Link
        className={parts.way ?? ''}
        href={`/c/${view.id}/details`}
        aria-label={t('settings.notifications.change', { title })}
      >
        <BellIcon size={18} />
      </Link>
    </li>
  )
}
