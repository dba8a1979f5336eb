import { useLocation } from 'wouter'
import { useLanguage } from '../../i18n/language.tsx'
import styles from './shell.module.css'

/** The first stop of the keyboard, past everything that stands beside what is open: seen only when it is there. */
export function SkipLink() {
  const { t } = useLanguage()
  const [path] = useLocation()
  if (path === '/') return null
  const isConversation = path.startsWith('/c/')
  return (
    <div className={styles.skip}>
      {isConversation && <Skip words={t('skip.composer')} to="#composer" />}
      {isConversation && <Skip words={t('skip.messages')} to="[role='log'] [data-id] > [tabindex='0']" />}
      {!isConversation && <Skip words={t('skip.main')} to="#main" />}
    </div>
  )
}

/** `to` says what takes the focus; where nothing can be written, or nothing has been said, that is all of it. */
const Skip = ({ words, to }: { words: string; to: string }) => (
  <a
    href="#main"
    onClick={(event) => {
      event.preventDefault()
      const target = document.querySelector<HTMLElement>(to) ?? document.querySelector<HTMLElement>('#main')
      target?.focus()
    }}
  >
    {words}
  </a>
)
