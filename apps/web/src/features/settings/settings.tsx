import { useLocation } from 'wouter'
import { useLanguage } from '../../i18n/language.tsx'
import { IconButton } from '../../ui/button.tsx'
import { BackIcon } from '../../ui/icons.tsx'
import { About } from './about.tsx'
import { Appearance } from './appearance.tsx'
import { Devices } from './devices.tsx'
import { Profile } from './profile.tsx'
import { SignOut } from './sign-out.tsx'
import { StorageLine } from './storage-line.tsx'
import styles from './settings.module.css'

export default function Settings() {
  const { t } = useLanguage()
  const [, navigate] = useLocation()
  return (
    <main className={styles.settings}>
      <header className={styles.header}>
        <IconButton
          className={styles.back ?? ''}
          label={t('common.back')}
          icon={<BackIcon />}
          hasTip={false}
          onClick={() => navigate('/')}
        />
        <h1>{t('settings.title')}</h1>
      </header>
      <div className={styles.scroll}>
        <div className={styles.sections}>
          <Profile />
          <Appearance />
          <Devices />
          <StorageLine />
          <SignOut />
          <About />
        </div>
      </div>
    </main>
  )
}
