import { useLanguage } from '../../i18n/language.tsx'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import styles from './list-notice.module.css'

interface ListNoticeProps {
  readonly state: 'loading' | 'failed'
  /** That it cannot be had now. */
  readonly words: string
  readonly onRetry: () => void
}

/** In the place of a list that only the server has. */
export function ListNotice({ state, words, onRetry }: ListNoticeProps) {
  const { t } = useLanguage()
  if (state === 'loading')
    return (
      <div className={styles.skeleton} role="status" aria-label={t('app.loading')}>
        <i />
        <i />
      </div>
    )
  return (
    <Notice
      look="quiet"
      action={
        <Button size="small" onClick={onRetry}>
          {t('common.retry')}
        </Button>
      }
    >
      {words}
    </Notice>
  )
}
