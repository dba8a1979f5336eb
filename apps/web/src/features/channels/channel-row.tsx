import type { rest } from '@parley/protocol'
import { useId, useMemo } from 'react'
import { useLocation } from 'wouter'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { CheckIcon, ClockIcon } from '../../ui/icons.tsx'
import { titleOf } from '../inbox/titles.ts'
import styles from './channels.module.css'

type Membership = 'none' | 'joining' | 'joined'

export function ChannelRow({ channel }: { channel: rest.Channel }) {
  const { id, topic, memberCount } = channel
  const { t } = useLanguage()
  const account = useAccount()
  const [, navigate] = useLocation()
  const words = useId()
  const view = useObservable(useMemo(() => account.conversation(id), [account, id]))
  const isLive = useObservable(account.link).state === 'live'
  // What was done here counts more than what the server said before.
  const membership: Membership =
    view === undefined
      ? channel.isMember
        ? 'joined'
        : 'none'
      : view.standing === 'joining'
        ? 'joining'
        : view.standing === 'left' || view.standing === 'leaving'
          ? 'none'
          : 'joined'
  const title = titleOf({ ...channel, kind: 'channel' }, t)
  return (
    <li className={styles.row}>
      <Avatar id={id} name={title} shape="group" />
      <div className={styles.words}>
        <h2 id={words} className={styles.name}>
          <bdi>{title}</bdi>
        </h2>
        {topic !== '' && (
          <p className={styles.topic} dir="auto">
            {topic}
          </p>
        )}
        <p className={styles.facts}>
          {t('conversation.members', { count: memberCount })}
          {membership === 'joined' && (
            <span className={styles.joined}>
              <CheckIcon size={14} />
              {t('channels.joined')}
            </span>
          )}
          {membership === 'joining' && (
            <span className={styles.waiting} role="status">
              <ClockIcon size={14} />
              {t(isLive ? 'channels.joining' : 'channels.joining.later')}
            </span>
          )}
        </p>
      </div>
      {/* One button all along: the keyboard keeps its place while joining takes effect. */}
      <Button
        size="small"
        look={membership === 'none' ? 'primary' : 'plain'}
        aria-describedby={words}
        onClick={() => (membership === 'none' ? void account.join(id) : navigate(`/c/${id}`))}
      >
        {t(membership === 'none' ? 'channels.join' : 'channels.open')}
      </Button>
    </li>
  )
}
