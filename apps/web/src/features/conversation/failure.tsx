import type { MessageItem } from '@parley/client'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { AlertIcon } from '../../ui/icons.tsx'
import { refusalWords } from '../status/refusal-words.ts'
import { storageWords } from '../status/storage-words.ts'
import { useAllChosen } from '../compose/chosen-files.ts'
import { editAgain, isForEditing } from '../compose/edit-again.ts'
import type { Delivery } from './delivery.ts'
import type { MessageContext } from './message-context.ts'
import styles from './message.module.css'

interface FailureProps {
  readonly item: MessageItem
  readonly delivery: Extract<Delivery, { state: 'not-sent' | 'not-saved' }>
  readonly context: MessageContext
}

/** Why a message has not gone out or is not kept, and both ways on (C3, C6). */
export function Failure({ item, delivery, context }: FailureProps) {
  const account = useAccount()
  const chosen = useAllChosen()
  const { t } = useLanguage()
  const why =
    delivery.state === 'not-sent'
      ? refusalWords(delivery.fate.code, delivery.fate.message, t, item.files.length > 0)
      : t(storageWords(delivery.fate.fault))
  const isEditable = delivery.state === 'not-sent' && isForEditing(delivery.fate.code) && context.maySend
  const edit = async (): Promise<void> => {
    const files = await Promise.all(
      item.files.map(async (file) => ({ ...file, bytes: await account.fileBytes(file.id) })),
    )
    // Also when one of them is lost: the text and the others are not to go with it.
    chosen.add(
      context.conversation,
      files.flatMap(({ bytes, ...file }) => (bytes === undefined ? [] : [{ ...file, bytes }])),
    )
    if (item.replyTo !== undefined) context.onReply(item.replyTo.id)
    editAgain(account, context.conversation, item.id, item.text)
    document.getElementById('composer')?.focus()
  }
  return (
    <div className={styles.failure} role="alert">
      <AlertIcon size={15} />
      <span>
        <b>{t(delivery.state === 'not-sent' ? 'message.not-sent' : 'message.unsaved')}.</b> {why}
      </span>
      <span className={styles.ways}>
        {isEditable ? (
          <button type="button" onClick={() => void edit()}>
            {t('message.edit')}
          </button>
        ) : (
          <button type="button" onClick={() => void account.retry(item.id)}>
            {t('message.retry')}
          </button>
        )}
        <button type="button" onClick={() => void account.discard(item.id)}>
          {t('message.discard')}
        </button>
      </span>
    </div>
  )
}
