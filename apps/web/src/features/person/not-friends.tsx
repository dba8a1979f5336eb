import type { UserId } from '@parley/protocol'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useName } from '../../people.ts'
import { Button } from '../../ui/button.tsx'
import { RefusedLine } from './refused-line.tsx'
import { useRefused, useRelation } from './use-relation.ts'
import styles from './person.module.css'

/** Why nothing can be written to somebody, and the way to where it can. */
export default function NotFriends({ user }: { user: UserId }) {
  const account = useAccount()
  const { t } = useLanguage()
  const name = useName(user)
  const relation = useRelation(user)
  const refused = useRefused(user)
  const [words, way] = ((): readonly [string, { readonly words: string; readonly go: () => void }?] => {
    switch (relation.is) {
      case 'outgoing':
        return [t('person.closed.outgoing', { name })]
      case 'incoming': {
        const { request } = relation.entry
        const go = () => account.answerFriendRequest(request, true)
        return [t('person.incoming', { name }), { words: t('person.accept'), go }]
      }
      case 'blocked':
        return [
          t('person.closed.blocked', { name }),
          { words: t('person.unblock'), go: () => account.unblock(user) },
        ]
      default:
        return [
          t('compose.disabled.not_friends'),
          { words: t('person.closed.ask'), go: () => account.requestFriend(user) },
        ]
    }
  })()
  return (
    <div className={styles.closed}>
      {refused.map((each) => (
        <RefusedLine key={each.id} refused={each} />
      ))}
      <div>
        <p role="status">{words}</p>
        {way !== undefined && (
          <Button size="small" onClick={way.go}>
            {way.words}
          </Button>
        )}
      </div>
    </div>
  )
}
