import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { Rows } from '../../ui/rows.tsx'
import { PersonRow } from './person-row.tsx'

/** Who is in no list any more because of something that waits: so that nothing vanishes without a word (C3). */
export function EndedList() {
  const account = useAccount()
  const { t } = useLanguage()
  const { ended } = useObservable(account.friends)
  const link = useObservable(account.link)
  // With a connection it has gone before one could read it.
  if (ended.length === 0 || link.state === 'live') return null
  return (
    <Rows title={t('friends.ended')}>
      {ended.map((entry) => {
        const { fate: _, ...rest } = entry
        return <PersonRow key={entry.id} entry={rest} line={t(`friends.ended.${entry.was}`)} />
      })}
    </Rows>
  )
}
