import { useId, useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { Keys } from './key-hint.tsx'
import { KEY_GROUPS } from './key-groups.ts'
import { areSingleKeysOn, setSingleKeys } from './platform.ts'
import styles from './keys.module.css'

/** All keys that do something, and whether those that are pressed alone do. */
export function KeyTable() {
  const { t } = useLanguage()
  const id = useId()
  const [isOn, setIsOn] = useState(areSingleKeysOn)
  return (
    <div className={styles.table}>
      {KEY_GROUPS.map(({ title, shortcuts }) => (
        <section key={title} aria-labelledby={`${id}-${title}`}>
          <h3 id={`${id}-${title}`}>{t(title)}</h3>
          <dl>
            {shortcuts.map(({ words, combos }) => (
              <div key={words}>
                <dt>{t(words)}</dt>
                <dd>
                  {combos.map((combo) => (
                    <Keys key={combo.key} combo={combo} />
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <div className={styles.single}>
        <label>
          <input
            type="checkbox"
            checked={isOn}
            aria-describedby={`${id}-note`}
            onChange={({ target }) => {
              setSingleKeys(target.checked)
              setIsOn(target.checked)
            }}
          />
          {t('keys.single')}
        </label>
        <p id={`${id}-note`} className={styles.note}>
          {t('keys.single.note')}
        </p>
      </div>
    </div>
  )
}
