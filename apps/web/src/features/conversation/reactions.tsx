import type { MessageItem, ReactionTally } from '@parley/client'
import type { ConversationId, UserId } from '@parley/protocol'
import type { ReactElement } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useNames } from '../../people.ts'
import { Tip } from '../../ui/tip.tsx'
import styles from './reactions.module.css'

interface ReactionsProps {
  readonly conversation: ConversationId
  readonly item: MessageItem
  readonly self: UserId
  readonly mayReact: boolean
}

export function Reactions({ conversation, item, self, mayReact }: ReactionsProps) {
  const account = useAccount()
  const { t } = useLanguage()
  if (item.reactions.length === 0) return null
  return (
    <ul className={styles.reactions}>
      {item.reactions.map((tally) => {
        const isOwn = tally.users.includes(self)
        return (
          <li key={tally.emoji}>
            <Who tally={tally}>
              <button
                type="button"
                className={styles.reaction}
                aria-pressed={isOwn}
                aria-label={t('message.reaction', { emoji: tally.emoji, count: tally.users.length })}
                disabled={!mayReact}
                onClick={() => account.react(conversation, item.id, tally.emoji, !isOwn)}
              >
                <span aria-hidden="true">{tally.emoji}</span>
                <span aria-hidden="true">{tally.users.length}</span>
              </button>
            </Who>
          </li>
        )
      })}
    </ul>
  )
}

function Who({ tally, children }: { tally: ReactionTally; children: ReactElement<Record<string, unknown>> }) {
  const { formats } = useLanguage()
  return (
    <Tip text={formats.list(useNames(tally.users))} side="top">
      {children}
    </Tip>
  )
}
