import type { ConversationView, FatedCommand } from '@parley/client'
import type { Command } from '@parley/protocol'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { commandWords, refusalWords } from '../status/refusal-words.ts'
import { titleOf } from '../inbox/titles.ts'
import styles from './details.module.css'

/** What was changed here and the server has not taken: it stands as it was, and that is said until the person has decided. */
export function RefusedChanges({ view }: { view: ConversationView }) {
  const account = useAccount()
  const { t } = useLanguage()
  const refused = useObservable(account.commands).filter(
    ({ command, fate }) => fate.state === 'refused' && command !== undefined && isChange(command, view),
  )
  return refused.map((each) => <RefusedChange key={each.id} title={titleOf(view, t)} refused={each} />)
}

function RefusedChange({ title, refused: { id, command, fate } }: { title: string; refused: FatedCommand }) {
  const account = useAccount()
  const { t } = useLanguage()
  if (command === undefined || fate.state !== 'refused') return null
  return (
    <div className={styles.notice}>
      <Notice look="danger">
        <b>{commandWords(command, title, t)}</b> {refusalWords(fate.code, fate.message, t, false)}
      </Notice>
      <span className={styles.both}>
        <Button size="small" onClick={() => void account.retry(id)}>
          {t('common.retry')}
        </Button>
        <Button size="small" onClick={() => void account.discard(id)}>
          {t('common.discard')}
        </Button>
      </span>
    </div>
  )
}

function isChange(command: Command, { id }: ConversationView): boolean {
  switch (command.type) {
    case 'conversation.update':
    case 'conversation.delete':
    case 'member.add':
    case 'member.remove':
    case 'member.role':
      return command.conversation === id
    case 'conversation.create':
    case 'message.send':
    case 'reaction.set':
    case 'friend.request':
    case 'friend.answer':
    case 'friend.remove':
    case 'user.block':
    case 'user.unblock':
      return false
  }
}
