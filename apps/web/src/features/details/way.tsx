import type { ReactNode } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import styles from './ways-out.module.css'

interface WayProps {
  readonly icon: ReactNode
  readonly isDangerous?: boolean
  readonly isWaiting?: boolean
  readonly onSelect: () => void
  readonly children: ReactNode
}

export function Way({ icon, isDangerous = false, isWaiting = false, onSelect, children }: WayProps) {
  const { t } = useLanguage()
  return (
    <button type="button" className={styles.way} data-danger={isDangerous || undefined} onClick={onSelect}>
      {icon}
      <span>
        {children}
        {isWaiting && <small>{t('details.waiting')}</small>}
      </span>
    </button>
  )
}
