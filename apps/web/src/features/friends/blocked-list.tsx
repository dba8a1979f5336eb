import type { Acquaintance } from '@parley/client'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { BlockIcon } from '../../ui/icons.tsx'
import { PersonRow } from './person-row.tsx'
import { Portions } from './portions.tsx'

export function BlockedList() {
  const { t } = useLanguage()
  const { blocked } = useObservable(useAccount().friends)
  if (blocked.length === 0) {
    return (
      <Empty
        icon={<BlockIcon size={26} />}
        title={t('friends.blocked.none.title')}
        body={t('friends.blocked.none.body')}
      />
    )
  }
  return (
    <Portions items={blocked} label={t('friends.tab.blocked')}>
      {(entry) => <BlockedRow key={entry.id} entry={entry} />}
    </Portions>
  )
}

export function BlockedRow({ entry }: { entry: Acquaintance }) {
  const account = useAccount()
  const { t, formats } = useLanguage()
  const name = entry.profile?.name ?? t('common.someone')
  return (
    <PersonRow entry={entry} line={t('friends.blocked.at', { ago: formats.relative(entry.at, Date.now()) })}>
      {entry.command === undefined && (
        <Button
          size="small"
          aria-label={t('friends.unblock', { name })}
          onClick={() => account.unblock(entry.id)}
        >
          {t('person.unblock')}
        </Button>
      )}
    </PersonRow>
  )
}
