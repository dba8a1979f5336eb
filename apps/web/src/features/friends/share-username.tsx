import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { Button } from '../../ui/button.tsx'
import { CopyUsername } from '../person/copy-username.tsx'
import styles from './friends.module.css'

/** How others find this person: to be copied, or given to whatever the device shares with. */
export function ShareUsername() {
  const { t } = useLanguage()
  const { username } = useObservable(useAccount().me)
  const text = t('friends.share.text', { username, address: location.origin })
  const share = (): void => {
    // Closing the device's own list of ways is no failure.
    navigator.share({ text }).catch(() => undefined)
  }
  return (
    <p className={styles.share}>
      <span>{t('friends.share')}</span>
      <bdi dir="ltr">@{username}</bdi>
      <CopyUsername username={username} />
      {'share' in navigator && (
        <Button size="small" look="quiet" onClick={share}>
          {t('friends.share.do')}
        </Button>
      )}
    </p>
  )
}
