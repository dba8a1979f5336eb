import type { ConversationView } from '@parley/client'
import type { rest } from '@parley/protocol'
import { useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { PeoplePicker } from '../group/people-picker.tsx'
import type { Listing } from './use-listing.ts'

interface InviteProps {
  readonly view: ConversationView
  readonly listing: Listing
  readonly onClose: () => void
}

export function Invite({ view, listing, onClose }: InviteProps) {
  const account = useAccount()
  const { t } = useLanguage()
  const [people, setPeople] = useState<readonly rest.User[]>([])
  const invite = (): void => {
    for (const { id } of people) account.addMember(view.id, id)
    onClose()
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t('details.invite')}
      lead={t('details.invite.lead')}
      actions={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" disabled={people.length === 0} onClick={invite}>
            {t('details.invite.submit', { count: people.length })}
          </Button>
        </>
      }
    >
      <PeoplePicker
        chosen={people}
        onChange={setPeople}
        except={new Set([...view.members.keys(), ...listing.members.keys()])}
        autoFocus
      />
    </Dialog>
  )
}
