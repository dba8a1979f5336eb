import type { ConversationView } from '@parley/client'
import { can } from '@parley/protocol'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { Button } from '../../ui/button.tsx'
import { InviteIcon } from '../../ui/icons.tsx'
import { About } from './about.tsx'
import { AllMembers } from './all-members.tsx'
import { AllShared } from './all-shared.tsx'
import { CopyLink } from './copy-link.tsx'
import { Invite } from './invite.tsx'
import { Members } from './members.tsx'
import { NotificationChoice } from './notification-choice.tsx'
import { type Page, Panel } from './panel.tsx'
import { Policies } from './policies.tsx'
import { RefusedChanges } from './refused-changes.tsx'
import { SharedFirst } from './shared.tsx'
import { StandingNotice } from './standing-notice.tsx'
import { useListing } from './use-listing.ts'
import { WaysOut } from './ways-out.tsx'
import styles from './details.module.css'

/** What is known of a conversation, and what the person may change of it. */
export default function Details({ view }: { view: ConversationView }) {
  const account = useAccount()
  const { t } = useLanguage()
  const [, navigate] = useLocation()
  const me = useObservable(account.me)
  const listing = useListing(view)
  const [page, setPage] = useState<Page>('first')
  const [isInviting, setIsInviting] = useState(false)
  const isIn = view.standing === 'member' || view.standing === 'creating'
  const may = (action: Parameters<typeof can>[1]): boolean => isIn && can(me.id, action, view)
  const mayInvite = may({ do: 'add-member', user: me.id, role: 'member' })
  const close = (): void => navigate(`/c/${view.id}`, { replace: true })
  return (
    <Panel page={page} onPage={setPage} onClose={close}>
      {page === 'members' ? (
        <AllMembers view={view} self={me.id} listing={listing} />
      ) : page === 'shared' ? (
        <AllShared view={view} />
      ) : (
        <>
          <StandingNotice view={view} self={me.id} />
          <RefusedChanges view={view} />
          <About view={view} self={me.id} isIn={isIn} />
          <div className={styles.quick}>
            {mayInvite && (
              <Button icon={<InviteIcon />} onClick={() => setIsInviting(true)}>
                {t('details.invite')}
              </Button>
            )}
            {view.standing !== 'refused' && <CopyLink conversation={view.id} />}
          </div>
          <SharedFirst view={view} onAll={() => setPage('shared')} />
          {isIn && (
            <section aria-labelledby="notify-title">
              <h3 id="notify-title" className={styles.heading}>
                {t('details.notify')}
              </h3>
              <NotificationChoice conversation={view.id} kind={view.kind} label={t('details.notify')} />
            </section>
          )}
          {view.kind !== 'direct' && (
            <Members view={view} self={me.id} listing={listing} onAll={() => setPage('members')} />
          )}
          {isIn && <Policies view={view} mayUpdate={may({ do: 'update' })} />}
          <WaysOut view={view} self={me.id} isIn={isIn} onClose={close} />
        </>
      )}
      {isInviting && <Invite view={view} listing={listing} onClose={() => setIsInviting(false)} />}
    </Panel>
  )
}
