import type { ConversationView } from '@parley/client'
import { useLanguage } from '../../i18n/language.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { titleOf } from '../inbox/titles.ts'
import styles from './timeline.module.css'

/** Above the very first event. */
export function Beginning({ view }: { view: ConversationView }) {
  const { t } = useLanguage()
  const title = titleOf(view, t)
  return (
    <div className={styles.beginning}>
      <Avatar
        id={view.other ?? view.id}
        name={title}
        shape={view.other === undefined ? 'group' : 'person'}
        size="large"
      />
      <h2 dir="auto">{title}</h2>
      <p>{t('conversation.beginning', { title })}</p>
    </div>
  )
}
