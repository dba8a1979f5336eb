import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { useLanguage } from '../../i18n/language.tsx'
import { tracedUsers } from '../../platform/traces.ts'
import { CheckIcon, OfflineIcon, PeopleIcon } from '../../ui/icons.tsx'
import { Logo } from '../../ui/logo.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SignInForm } from './sign-in-form.tsx'
import { SignUpForm } from './sign-up-form.tsx'
import styles from './session.module.css'

/** What somebody sees who is not signed in: one form, and what the app is for. */
export default function Entrance({ form }: { form: 'sign-in' | 'sign-up' }) {
  const { t } = useLanguage()
  const isSignUp = form === 'sign-up'
  return (
    <div className={styles.entrance}>
      <main className={styles.card}>
        <div className={styles.brand}>
          <Logo size={36} />
          <span>{t('app.name')}</span>
        </div>
        <h1 className={styles.title}>{t(`session.${form}.title`)}</h1>
        <p className={styles.lead}>{t(`session.${form}.lead`)}</p>
        {/* Who signs out leaves none. */}
        {!isSignUp && tracedUsers().length > 0 && (
          <Notice look="warning">{t('storage.removed.sign-in')}</Notice>
        )}
        {isSignUp ? <SignUpForm /> : <SignInForm />}
        <p className={styles.other}>
          {t(`session.${form}.other`)}{' '}
          <Link href={isSignUp ? '/sign-in' : '/sign-up'}>{t(`session.${form}.other-link`)}</Link>
        </p>
      </main>
      <aside className={styles.pitch}>
        <ul>
          <Pitch icon={<OfflineIcon />} title={t('session.pitch.1')} body={t('session.pitch.1.body')} />
          <Pitch icon={<CheckIcon />} title={t('session.pitch.2')} body={t('session.pitch.2.body')} />
          <Pitch icon={<PeopleIcon />} title={t('session.pitch.3')} body={t('session.pitch.3.body')} />
        </ul>
      </aside>
    </div>
  )
}

const Pitch = ({ icon, title, body }: { icon: ReactNode; title: string; body: string }) => (
  <li>
    <span className={styles.pitchIcon}>{icon}</span>
    <div>
      <strong>{title}</strong>
      <p>{body}</p>
    </div>
  </li>
)
