import { useLanguage } from '../../i18n/language.tsx'
import styles from './settings.module.css'

/** What the build wrote beside the app: see vite.config.ts. */
declare const __APP_VERSION__: string
const LICENCE = '/LICENSE.txt'

/** Which program this is, and that everybody who uses it over a network may have its source (AGPL, section 13). */
export function About() {
  const { t } = useLanguage()
  return (
    <section className={styles.about} aria-labelledby="about-title">
      <h2 id="about-title">{t('settings.about')}</h2>
      <p>
        <b>{t('settings.about.version', { version: __APP_VERSION__ })}</b>
      </p>
      <p>{t('settings.about.licence')}</p>
      <a href={LICENCE} target="_blank" rel="noreferrer">
        {t('settings.about.licence.read')}
      </a>
    </section>
  )
}
