import type { ConversationId } from '@parley/protocol'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import styles from './conversation.module.css'

/** The device's copy and the server's log contradict each other (L7): the person decides which one counts. */
export function FaultNotice({ conversation }: { conversation: ConversationId }) {
  const account = useAccount()
  const { t } = useLanguage()
  return (
    <div className={styles.fault}>
      <Notice
        look="danger"
        action={
          <Button size="small" onClick={() => void account.takeServersLog(conversation)}>
            {t('conversation.take-servers')}
          </Button>
        }
      >
        {t('conversation.history-broken')}
      </Notice>
    </div>
  )
}
