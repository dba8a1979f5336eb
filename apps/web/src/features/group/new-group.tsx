import type { rest } from '@parley/protocol'
import { useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { NewConversation } from './new-conversation.tsx'
import { PeoplePicker } from './people-picker.tsx'

/** A group of people found by username. Works offline for those already chosen: it is made when the network is back. */
export default function NewGroup({ onClose }: { onClose: () => void }) {
  const account = useAccount()
  const { t } = useLanguage()
  const me = useObservable(account.me)
  const [people, setPeople] = useState<readonly rest.User[]>([])
  const members = people.map(({ id }) => id)
  return (
    <NewConversation
      kind="group"
      lead={t('group.lead')}
      make={(title) => account.createConversation({ kind: 'group', title, members }).conversation}
      onClose={onClose}
    >
      <PeoplePicker chosen={people} onChange={setPeople} except={new Set([me.id])} />
    </NewConversation>
  )
}
