import type { ConversationView } from '@parley/client'
import { can, type Role, type UserId } from '@parley/protocol'
import { useMemo, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { useName, useProfile } from '../../people.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { MoreIcon } from '../../ui/icons.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import styles from './details.module.css'

interface MembersProps {
  readonly view: ConversationView
  readonly self: UserId
}

const RANK: { readonly [R in Role]: number } = { owner: 0, admin: 1, member: 2 }
const ROLES: readonly Role[] = ['owner', 'admin', 'member']
const MAKE = {
  owner: 'details.member.make-owner',
  admin: 'details.member.make-admin',
  member: 'details.member.make-member',
} as const

/** Owners first, then admins, then the others, each as long-standing as they are. */
export function Members({ view, self }: MembersProps) {
  const account = useAccount()
  const { t, formats } = useLanguage()
  const { active } = useObservable(useMemo(() => account.presence(view.id), [account, view.id]))
  const [removing, setRemoving] = useState<UserId>()
  const members = [...view.members].toSorted(
    ([, a], [, b]) => RANK[a.role] - RANK[b.role] || a.since - b.since,
  )
  return (
    <section aria-labelledby="members-title">
      <h3 id="members-title" className={styles.section}>
        {t('details.members')} <span>{formats.number(view.memberCount)}</span>
      </h3>
      <ul className={styles.members}>
        {members.map(([user, { role }]) => (
          <MemberRow
            key={user}
            view={view}
            self={self}
            user={user}
            role={role}
            isHere={user === self || active.some(({ id }) => id === user)}
            onRemove={() => setRemoving(user)}
          />
        ))}
      </ul>
      {removing !== undefined && (
        <Removal view={view} user={removing} onClose={() => setRemoving(undefined)} />
      )}
    </section>
  )
}

interface MemberRowProps extends MembersProps {
  readonly user: UserId
  readonly role: Role
  /** Has the conversation open right now. */
  readonly isHere: boolean
  readonly onRemove: () => void
}

function MemberRow({ view, self, user, role, isHere, onRemove }: MemberRowProps) {
  const account = useAccount()
  const { t, formats } = useLanguage()
  const profile = useProfile(user)
  const name = profile?.name ?? t('common.someone')
  const isSelf = user === self
  const isIn = view.standing === 'member'
  const roles = isIn
    ? ROLES.filter((to) => to !== role && can(self, { do: 'change-role', user, role: to }, view))
    : []
  const mayRemove = isIn && !isSelf && can(self, { do: 'remove-member', user }, view)
  const link = useObservable(account.link)
  // Of oneself only the connection knows; offline nobody is known to be there.
  const isOnline = link.state === 'live' && (isSelf || isHere || profile?.online === true)
  const lastActive = isOnline ? undefined : profile?.lastActiveAt
  return (
    <li className={styles.member}>
      <Avatar id={user} name={name} size="small" isOnline={isOnline} />
      <span className={styles.person}>
        <bdi>
          {name}
          {isSelf && <span className={styles.you}> ({t('common.you')})</span>}
        </bdi>
        <span className={styles.handle}>
          {profile !== undefined && <bdi dir="ltr">@{profile.username}</bdi>}
          {isOnline && <span className="visually-hidden">{t('inbox.online')}</span>}
          {lastActive !== undefined && (
            <> · {t('details.last-active', { ago: formats.relative(lastActive, Date.now()) })}</>
          )}
          {view.changingMembers.has(user) && <> · {t('details.waiting')}</>}
        </span>
      </span>
      {role !== 'member' && <span className={styles.role}>{t(`details.role.${role}`)}</span>}
      {(roles.length > 0 || mayRemove) && (
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
          {roles.map((to) => (
            <MenuItem key={to} onSelect={() => account.changeRole(view.id, user, to)}>
              {t(MAKE[to])}
            </MenuItem>
          ))}
          {mayRemove && (
            <MenuItem isDangerous onSelect={onRemove}>
              {t('details.member.remove')}
            </MenuItem>
          )}
        </Menu>
      )}
    </li>
  )
}

function Removal({ view, user, onClose }: { view: ConversationView; user: UserId; onClose: () => void }) {
  const account = useAccount()
  const { t } = useLanguage()
  const name = useName(user)
  return (
    <Dialog
      isOpen
      isQuestion
      onClose={onClose}
      title={t('details.remove.title', { name })}
      lead={t('details.remove.body')}
      actions={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button
            look="danger"
            onClick={() => {
              account.removeMember(view.id, user)
              onClose()
            }}
          >
            {t('details.remove.confirm')}
          </Button>
        </>
      }
    />
  )
}
