import type { ReactNode } from 'react'
import { Link, useLocation, useSearch } from 'wouter'
import { useLanguage } from '../../i18n/language.tsx'
import { tracedUsers } from '../../platform/traces.ts'
import { CheckIcon, OfflineIcon, PeopleIcon } from '../../ui/icons.tsx'
import { Logo } from '../../ui/logo.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SignInForm } from './sign-in-form.tsx'
import { SignUpForm } from './sign-up-form.tsx'
import { wayOn } from './way-on.ts'
import { useIsOnline } from './use-is-online.ts'
import styles from './session.module.css'

/** What somebody sees who is not signed in: one form, and what the app is for. */
export default function Entrance({ form }: { form: 'sign-in' | 'sign-up' }) {
  const { t } = useLanguage()
  const [path] = useLocation()
  const isSignUp = form === 'sign-up'
  const search = useSearch()
  const isOnline = useIsOnline()
  const invitation = new URLSearchParams(search).get('invitation')
  // It goes along from one form to the other.
  const query = invitation === null ? '' : `?${new URLSearchParams({ invitation }).toString()}`
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
        {!isOnline && (
          <Notice look="warning" icon={<OfflineIcon size={18} />}>
            {t('session.offline')}
          </Notice>
        )}
        {isSignUp && invitation !== null && (
          <Notice look="quiet" icon={<PeopleIcon size={18} />}>
            {t('session.invited')}
          </Notice>
        )}
        {isSignUp ? <SignUpForm /> : <SignInForm />}
        <p className={styles.other}>
          {t(`session.${form}.other`)}{' '}
          <Link
            href={(isSignUp ? '/sign-in' : '/sign-up') + query}
            state={{ wayOn: wayOn(path, history.state) }}
          >
            {t(`session.${form}.other-link`)}
          </Link>
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
