import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { useNames } from '../../people.ts'
import { Button } from '../../ui/button.tsx'
import { aboutWhom, type RefusedOfPeople, whyRefused } from './refused-words.ts'
import styles from './person.module.css'

/** What the server said no to, why, and the way on: it stays until the person has decided (C3). */
export function RefusedLine({ refused: { id, command, fate } }: { refused: RefusedOfPeople }) {
  const account = useAccount()
  const { t } = useLanguage()
  const user = aboutWhom(command, useObservable(account.friends))
  const [name = t('common.someone')] = useNames(user === undefined ? [] : [user])
  if (fate.state !== 'refused') return null
  return (
    <div className={styles.refused} role="status">
      <p>
        <b>{t(`person.refused.${command.type}`, { name })}</b>
        <span>{whyRefused(command, fate.code, fate.message, t)}</span>
      </p>
      <Button size="small" onClick={() => void account.retry(id)}>
        {t('common.retry')}
      </Button>
      <Button size="small" look="quiet" onClick={() => void account.discard(id)}>
        {t('common.discard')}
      </Button>
    </div>
  )
}
