import type { ConversationView } from '@parley/client'
import type { ConversationId } from '@parley/protocol'
import { useId, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { Field } from '../../ui/field.tsx'
import { HashIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { NewConversation } from './new-conversation.tsx'
import styles from './group.module.css'

/** More is a text, and belongs in the channel. */
const TOPIC_CHARACTERS = 500

type Posting = ConversationView['posting']

const POSTING: readonly Posting[] = ['members', 'admins']

/** A channel that anybody finds. It can be written in at once, and is there for others once the server has it. */
export default function NewChannel({ onClose }: { onClose: () => void }) {
  const account = useAccount()
  const { t } = useLanguage()
  const id = useId()
  const [topic, setTopic] = useState('')
  const [posting, setPosting] = useState<Posting>('members')

  const make = (title: string): ConversationId => {
    const about = topic.trim()
    const { conversation } = account.createConversation({
      kind: 'channel',
      title,
      ...(about === '' ? {} : { topic: about }),
    })
    if (posting !== 'members') account.updateConversation(conversation, { posting })
    return conversation
  }
  return (
    <NewConversation
      kind="channel"
      notice={
        <Notice look="quiet" icon={<HashIcon size={18} />}>
          {t('channel.lead')}
        </Notice>
      }
      make={make}
      onClose={onClose}
    >
      <Field
        label={t('channel.topic')}
        placeholder={t('channel.topic.placeholder')}
        autoComplete="off"
        maxLength={TOPIC_CHARACTERS}
        value={topic}
        onChange={({ target }) => setTopic(target.value)}
      />
      <fieldset className={styles.choices}>
        <legend>{t('channel.posting')}</legend>
        {POSTING.map((each) => (
          <label key={each}>
            <input type="radio" name={id} checked={posting === each} onChange={() => setPosting(each)} />
            {t(`channel.posting.${each}`)}
          </label>
        ))}
      </fieldset>
    </NewConversation>
  )
}
