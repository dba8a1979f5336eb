import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { ComposeIcon } from '../../ui/icons.tsx'
import { Logo } from '../../ui/logo.tsx'
import styles from './inbox.module.css'

/** Beside the list when nothing is open; on the first visit it says how to begin. */
export function Welcome({ onNewGroup }: { onNewGroup: () => void }) {
  const { t } = useLanguage()
  const account = useAccount()
  const me = useObservable(account.me)
  const list = useObservable(account.conversations)
  if (list.state === 'loading') return null
  const isFirst = list.conversations.length === 0
  return (
    <main className={styles.welcome}>
      <Empty
        icon={<Logo size={56} />}
        title={isFirst ? t('welcome.first.title', { name: me.name }) : t('welcome.title')}
        body={isFirst ? t('welcome.first.body') : t('welcome.body')}
      >
        <Button look={isFirst ? 'primary' : 'plain'} icon={<ComposeIcon size={18} />} onClick={onNewGroup}>
          {t('inbox.new-group')}
        </Button>
      </Empty>
      {isFirst && (
        <p className={styles.handle}>
          {t('welcome.your-name')} <b dir="ltr">@{me.username}</b>
        </p>
      )}
    </main>
  )
}
