import type { ConversationView } from '@parley/client'
import { can, type Governed, type Role, type UserId } from '@parley/protocol'
import { useLocation } from 'wouter'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { IconButton } from '../../ui/button.tsx'
import { MoreIcon } from '../../ui/icons.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { PersonLink } from '../person/person-link.tsx'
import type { ListedMember } from './use-members.ts'
import styles from './members.module.css'

interface MemberRowProps {
  readonly view: ConversationView
  /** What decides who may do what: of a channel with all members that are listed. */
  readonly governed: Governed
  readonly self: UserId
  readonly member: ListedMember
  readonly onRemove: (user: UserId) => void
}

const ROLES: readonly Role[] = ['owner', 'admin', 'member']
const MAKE = {
  owner: 'details.member.make-owner',
  admin: 'details.member.make-admin',
  member: 'details.member.make-member',
} as const
const CHANGE = {
  adding: 'details.member.adding',
  removing: 'details.member.removing',
  role: 'details.member.role-waits',
} as const

export function MemberRow({ view, governed, self, member, onRemove }: MemberRowProps) {
  const { t, formats } = useLanguage()
  const { user, role, name, username, isOnline, lastActiveAt, change } = member
  const isSelf = user === self
  const state =
    change !== undefined
      ? t(CHANGE[change])
      : isOnline
        ? t('inbox.online')
        : lastActiveAt !== undefined
          ? t('details.last-active', { ago: formats.relative(lastActiveAt, Date.now()) })
          : undefined
  return (
    <li className={styles.member} data-change={change}>
      <PersonLink user={user} isRepeated>
        <Avatar id={user} name={name} size="small" isOnline={isOnline} />
      </PersonLink>
      <span className={styles.person}>
        <span className={styles.name}>
          <PersonLink user={user} className={styles.link}>
            <bdi>{name}</bdi>
          </PersonLink>
          {isSelf && <span className={styles.you}>({t('common.you')})</span>}
        </span>
        <span className={styles.facts}>
          {state !== undefined && <span>{state}</span>}
          {username !== '' && <bdi dir="ltr">@{username}</bdi>}
        </span>
      </span>
      {role !== 'member' && <span className={styles.role}>{t(`details.role.${role}`)}</span>}
      <Actions view={view} governed={governed} self={self} member={member} onRemove={onRemove} />
    </li>
  )
}

/** What can be done with and about a member; nothing where there is nothing. */
function Actions({ view, governed, self, member: { user, role, name, change }, onRemove }: MemberRowProps) {
  const account = useAccount()
  const { t } = useLanguage()
  const [, navigate] = useLocation()
  const { friends } = useObservable(account.friends)
  const isSelf = user === self
  const isIn = view.standing === 'member' && change !== 'removing'
  const roles = isIn
    ? ROLES.filter((to) => to !== role && can(self, { do: 'change-role', user, role: to }, governed))
    : []
  const mayRemove = isIn && !isSelf && can(self, { do: 'remove-member', user }, governed)
  const isFriend = friends.some(({ id }) => id === user)
  if (roles.length === 0 && !mayRemove && !isFriend) return null
  return (
    <Menu
      trigger={
        <IconButton
          size="small"
          label={t('details.member.actions', { name })}
          icon={<MoreIcon size={18} />}
          hasTip={false}
        />
      }
    >
      {isFriend && (
        <MenuItem onSelect={() => navigate(`/c/${account.openDirect(user).conversation}`)}>
          {t('details.member.message')}
        </MenuItem>
      )}
      {roles.map((to) => (
        <MenuItem key={to} onSelect={() => account.changeRole(view.id, user, to)}>
          {t(MAKE[to])}
        </MenuItem>
      ))}
      {mayRemove && (
        <MenuItem isDangerous onSelect={() => onRemove(user)}>
          {t(view.kind === 'channel' ? 'details.member.remove.channel' : 'details.member.remove')}
        </MenuItem>
      )}
    </Menu>
  )
}
