import type { MessageItem, ReactionTally } from '@parley/client'
import type { ConversationId, UserId } from '@parley/protocol'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useNames } from '../../people.ts'
import { tip } from '../../ui/tip.ts'
import styles from './reactions.module.css'

interface ReactionsProps {
  readonly conversation: ConversationId
  readonly item: MessageItem
  readonly self: UserId
  readonly mayReact: boolean
}

export function Reactions({ conversation, item, self, mayReact }: ReactionsProps) {
  const account = useAccount()
  if (item.reactions.length === 0) return null
  return (
    <ul className={styles.reactions}>
      {item.reactions.map((tally) => {
        const isOwn = tally.users.includes(self)
        return (
          <li key={tally.emoji}>
            <Reaction
              tally={tally}
              isOwn={isOwn}
              mayReact={mayReact}
              onToggle={() => account.react(conversation, item.id, tally.emoji, !isOwn)}
            />
          </li>
        )
      })}
    </ul>
  )
}

/** A tip with more names than this is a wall. */
const NAMED = 12

interface ReactionProps {
  readonly tally: ReactionTally
  readonly isOwn: boolean
  readonly mayReact: boolean
  readonly onToggle: () => void
}

function Reaction({ tally: { emoji, users }, isOwn, mayReact, onToggle }: ReactionProps) {
  const { t, formats } = useLanguage()
  const named = useNames(users.length > NAMED ? users.slice(0, NAMED - 1) : users)
  const hidden = users.length - named.length
  const names = formats.list(hidden > 0 ? [...named, t('event.others', { count: hidden })] : named)
  return (
    <button
      type="button"
      {...tip(t('message.reacted', { names, emoji }), 'above')}
      className={styles.reaction}
      aria-pressed={isOwn}
      aria-label={t('message.reaction', { emoji, count: users.length, names })}
      disabled={!mayReact}
      onClick={onToggle}
    >
      <span aria-hidden="true">{emoji}</span>
      <span aria-hidden="true">{users.length}</span>
    </button>
  )
}
