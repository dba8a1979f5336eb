import type { MessageItem } from '@parley/client'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { AlertIcon } from '../../ui/icons.tsx'
import { refusalWords } from '../status/refusal-words.ts'
import { storageWords } from '../status/storage-words.ts'
import type { Delivery } from './delivery.ts'
import styles from './message.module.css'

interface FailureProps {
  readonly item: MessageItem
  readonly delivery: Extract<Delivery, { state: 'not-sent' | 'not-saved' }>
}

/** Why a message has not gone out or is not kept, and both ways on (C3, C6). */
export function Failure({ item, delivery }: FailureProps) {
  const account = useAccount()
  const { t } = useLanguage()
  const why =
    delivery.state === 'not-sent'
      ? refusalWords(delivery.fate.code, delivery.fate.message, t)
      : t(storageWords(delivery.fate.fault))
  return (
    <div className={styles.failure} role="alert">
      <AlertIcon size={15} />
      <span>
        <b>{t(delivery.state === 'not-sent' ? 'message.not-sent' : 'message.unsaved')}.</b> {why}
      </span>
      <button type="button" onClick={() => void account.retry(item.id)}>
        {t('message.retry')}
      </button>
      <button type="button" onClick={() => void account.discard(item.id)}>
        {t('message.discard')}
      </button>
    </div>
  )
}
