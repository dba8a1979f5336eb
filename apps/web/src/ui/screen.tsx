import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { useLanguage } from '../i18n/language.tsx'
import { IconButton } from './button.tsx'
import { BackIcon } from './icons.tsx'
import styles from './screen.module.css'

interface ScreenProps {
  readonly title: string
  /** Where the way back leads on a phone. */
  readonly back?: string
  /** At the end of the header. */
  readonly actions?: ReactNode
  /** A list of places within the screen, at the start; it decides itself how it looks on a phone. */
  readonly beside?: ReactNode
  readonly children: ReactNode
}

/** What stands beside the list of conversations when it is no conversation. */
export function Screen({ title, back = '/', actions, beside, children }: ScreenProps) {
  const { t } = useLanguage()
  const [, navigate] = useLocation()
  return (
    <main className={styles.screen}>
      <header className={styles.header}>
        <IconButton
          className={styles.back ?? ''}
          label={t('common.back')}
          icon={<BackIcon />}
          hasTip={false}
          onClick={() => navigate(back)}
        />
        <h1>{title}</h1>
        {actions}
      </header>
      <div className={styles.body}>
        {beside}
        <div className={styles.scroll}>
          <div className={styles.content}>{children}</div>
        </div>
      </div>
    </main>
  )
}
