import { useLanguage } from '../../i18n/language.tsx'
import type { Kept } from './shown.ts'
import styles from './inbox.module.css'

const KEPT: readonly Kept[] = ['all', 'unread', 'mentions']

interface KeptChoiceProps {
  readonly kept: Kept
  readonly onChange: (kept: Kept) => void
}

export function KeptChoice({ kept, onChange }: KeptChoiceProps) {
  const { t } = useLanguage()
  return (
    <div className={styles.kept} role="group" aria-label={t('inbox.kept')}>
      {KEPT.map((each) => (
        <button key={each} type="button" aria-pressed={kept === each} onClick={() => onChange(each)}>
          {t(`inbox.kept.${each}`)}
        </button>
      ))}
    </div>
  )
}
