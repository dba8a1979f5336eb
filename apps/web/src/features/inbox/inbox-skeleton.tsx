import { useLanguage } from '../../i18n/language.tsx'
import styles from './inbox.module.css'

const ROWS = [62, 40, 74, 55, 48, 66]

/** The shape of what is coming, for the one time when the device holds nothing yet. */
export function InboxSkeleton() {
  const { t } = useLanguage()
  return (
    <div className={styles.skeleton} role="status">
      <span className="visually-hidden">{t('inbox.loading')}</span>
      {ROWS.map((width) => (
        <div key={width} aria-hidden="true">
          <i />
          <b style={{ '--width': `${width}%` }} />
        </div>
      ))}
    </div>
  )
}
