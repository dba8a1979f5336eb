import { useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { setTheme, type Theme, theme } from '../../platform/appearance.ts'
import styles from './settings.module.css'

const THEMES: readonly Theme[] = ['system', 'light', 'dark']

export function Appearance() {
  const { t } = useLanguage()
  const [chosen, setChosen] = useState(theme)
  return (
    <section aria-labelledby="appearance-title">
      <h2 id="appearance-title">{t('settings.appearance')}</h2>
      <div className={styles.segments} role="radiogroup" aria-labelledby="appearance-title">
        {THEMES.map((each) => (
          <label key={each} className={styles.segment}>
            <input
              type="radio"
              name="theme"
              className="visually-hidden"
              checked={chosen === each}
              onChange={() => {
                setTheme(each)
                setChosen(each)
              }}
            />
            <span>{t(`settings.appearance.${each}`)}</span>
          </label>
        ))}
      </div>
    </section>
  )
}
