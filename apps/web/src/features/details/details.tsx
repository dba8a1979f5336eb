import type { ConversationView } from '@parley/client'
import { can } from '@parley/protocol'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ArchiveIcon, BackIcon, CloseIcon, InviteIcon, LeaveIcon } from '../../ui/icons.tsx'
import { titleOf } from '../inbox/titles.ts'
import { Invite } from './invite.tsx'
import { Members } from './members.tsx'
import { TitleEditor } from './title-editor.tsx'
import styles from './details.module.css'

/** What is known of a conversation, and what the person may change of it. */
export default function Details({ view }: { view: ConversationView }) {
  const account = useAccount()
  const { t } = useLanguage()
  const [, navigate] = useLocation()
  const me = useObservable(account.me)
  const [asking, setAsking] = useState<'invite' | 'leave'>()
  const title = titleOf(view, t)
  const close = (): void => navigate(`/c/${view.id}`, { replace: true })
  const isIn = view.standing === 'member' || view.standing === 'creating'
  const may = (action: Parameters<typeof can>[1]): boolean => isIn && can(me.id, action, view)
  const mayUpdate = may({ do: 'update' })
  const mayInvite = may({ do: 'add-member', user: me.id, role: 'member' })
  const leave = (): void => {
    account.leave(view.id)
    setAsking(undefined)
    close()
  }
  return (
    <aside className={styles.details} aria-label={t('details.title')}>
      <header className={styles.header}>
        <IconButton
          className={styles.back ?? ''}
          label={t('common.back')}
          icon={<BackIcon />}
          hasTip={false}
          onClick={close}
        />
        <h2>{t('details.title')}</h2>
        <IconButton
          className={styles.close ?? ''}
          label={t('conversation.details.close')}
          icon={<CloseIcon />}
          hasTip={false}
          onClick={close}
        />
      </header>
      <div className={styles.scroll}>
        <section className={styles.about}>
          <Avatar
            id={view.other ?? view.id}
            name={title}
            shape={view.other === undefined ? 'group' : 'person'}
            size="large"
          />
          <TitleEditor view={view} mayRename={mayUpdate} />
          {view.topic !== '' && <p dir="auto">{view.topic}</p>}
          {view.kind === 'direct' && <p>{t('details.direct')}</p>}
        </section>
        {view.kind !== 'direct' && (
          <>
            {mayInvite && (
              <Button className={styles.wide ?? ''} icon={<InviteIcon />} onClick={() => setAsking('invite')}>
                {t('details.invite')}
              </Button>
            )}
            <Members view={view} self={me.id} />
            <section className={styles.ways}>
              {mayUpdate && (
                <button
                  type="button"
                  onClick={() => account.updateConversation(view.id, { archived: !view.archived })}
                >
                  <ArchiveIcon />
                  {t(view.archived ? 'details.unarchive' : 'details.archive')}
                </button>
              )}
              {may({ do: 'leave' }) && (
                <button type="button" data-danger onClick={() => setAsking('leave')}>
                  <LeaveIcon />
                  {t('details.leave')}
                </button>
              )}
            </section>
          </>
        )}
      </div>
      {asking === 'invite' && <Invite view={view} onClose={() => setAsking(undefined)} />}
      <Dialog
        isOpen={asking === 'leave'}
        isQuestion
        onClose={() => setAsking(undefined)}
        title={t('details.leave.title', { title })}
        lead={t('details.leave.body')}
        actions={
          <>
            <Button onClick={() => setAsking(undefined)}>{t('common.cancel')}</Button>
            <Button look="danger" onClick={leave}>
              {t('details.leave.confirm')}
            </Button>
          </>
        }
      />
    </aside>
  )
}
