import type { ConversationView } from '@parley/client'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { Segments } from '../../ui/segments.tsx'
import styles from './policies.module.css'

/** Who may do what that its admins decide: in a group inviting people, in a channel writing. */
export function Policies({ view, mayUpdate }: { view: ConversationView; mayUpdate: boolean }) {
  const account = useAccount()
  if (view.kind === 'direct') return null
  return view.kind === 'group' ? (
    <Policy
      name="inviting"
      chosen={view.inviting}
      isWaiting={view.changing.has('inviting')}
      mayUpdate={mayUpdate}
      onChoose={(inviting) => account.updateConversation(view.id, { inviting })}
    />
  ) : (
    <Policy
      name="posting"
      chosen={view.posting}
      isWaiting={view.changing.has('posting')}
      mayUpdate={mayUpdate}
      onChoose={(posting) => account.updateConversation(view.id, { posting })}
    />
  )
}

type Choice = 'members' | 'admins'
const CHOICES: readonly Choice[] = ['members', 'admins']

interface PolicyProps {
  readonly name: 'inviting' | 'posting'
  readonly chosen: Choice
  readonly isWaiting: boolean
  readonly mayUpdate: boolean
  readonly onChoose: (choice: Choice) => void
}

function Policy({ name, chosen, isWaiting, mayUpdate, onChoose }: PolicyProps) {
  const { t } = useLanguage()
  const waiting = isWaiting && <p className={styles.words}>{t('details.waiting')}</p>
  return (
    <section aria-labelledby="policy-title">
      <h3 id="policy-title" className={styles.heading}>
        {t(`details.${name}`)}
      </h3>
      {mayUpdate ? (
        <Segments
          size="small"
          labelledBy="policy-title"
          options={CHOICES}
          chosen={chosen}
          wordsOf={(each) => t(`details.policy.${each}`)}
          onChoose={onChoose}
        />
      ) : (
        <p className={styles.words}>{t(`details.policy.${chosen}`)}</p>
      )}
      {waiting}
    </section>
  )
}
