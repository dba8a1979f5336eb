import { useLanguage } from '../../i18n/language.tsx'
import { Logo } from '../../ui/logo.tsx'
import { Section } from './section.tsx'
import parts from './parts.module.css'
import styles from './about.module.css'

/** What the build wrote beside the app: see vite.config.ts. */
declare const __APP_VERSION__: string
const LICENCE = '/LICENSE.txt'
const API = '/api/docs'

/** Which program this is, and that everybody who uses it over a network may have its source (AGPL, section 13). */
export function About() {
  const { t } = useLanguage()
  return (
    <Section title={t('settings.about')}>
      <div className={parts.card}>
        <div className={parts.line}>
          <Logo size={40} />
          <div>
            <b>{t('settings.about.version', { version: __APP_VERSION__ })}</b>
            <p>{t('settings.about.what')}</p>
          </div>
        </div>
        <div className={parts.padded}>
          <p className={parts.note}>{t('settings.about.licence')}</p>
          <p className={styles.links}>
            <a href={LICENCE} target="_blank" rel="noreferrer">
              {t('settings.about.licence.read')}
            </a>
            <a href={API} target="_blank" rel="noreferrer">
              {t('settings.about.api')}
            </a>
          </p>
        </div>
      </div>
    </Section>
  )
}
