import type { ConversationView } from '@parley/client'
import { useLanguage } from '../../i18n/language.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { titleOf } from '../inbox/titles.ts'
import styles from './timeline.module.css'

type Begun = Pick<ConversationView, 'id' | 'title' | 'topic' | 'other' | 'kind'>

/** Above the very first event. */
export function Beginning({ view }: { view: Begun }) {
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
      {view.topic !== '' && <p dir="auto">{view.topic}</p>}
      <p>{t('conversation.beginning', { title })}</p>
    </div>
  )
}
