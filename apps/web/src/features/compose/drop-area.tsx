import { useLanguage } from '../../i18n/language.tsx'
import { AttachIcon } from '../../ui/icons.tsx'
import styles from './files.module.css'

/** Over the whole conversation while files are held over the window: says where they would go. */
export function DropArea({ title }: { title: string }) {
  const { t } = useLanguage()
  return (
    <div className={styles.drop} aria-hidden="true">
      <div className={styles.dropWords}>
        <span className={styles.dropSign}>
          <AttachIcon size={28} />
        </span>
        <strong>{t('compose.drop', { title })}</strong>
        <span>{t('compose.drop.note')}</span>
      </div>
    </div>
  )
}
