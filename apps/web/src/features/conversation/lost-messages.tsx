import type { Loss } from '@parley/client'
import type { Event } from '@parley/protocol'
import { useLanguage } from '../../i18n/language.tsx'
import { useName } from '../../people.ts'
import { saveFile } from '../../platform/save-file.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import styles from './lost-messages.module.css'

/** What was said and only this device still has, to be read and to be saved. */
export default function LostMessages({ loss, onClose }: { loss: Loss; onClose: () => void }) {
  const { t } = useLanguage()
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t('loss.title')}
      lead={t('loss.lead')}
      actions={
        <Button onClick={() => saveFile(`${loss.conversation} only here.json`, loss)}>
          {t('loss.save')}
        </Button>
      }
    >
      <Messages events={loss.missing} />
      {loss.altered.length > 0 && (
        <>
          <h3 className={styles.heading}>{t('loss.altered.title')}</h3>
          <Messages events={loss.altered} />
        </>
      )}
    </Dialog>
  )
}

function Messages({ events }: { events: readonly Event[] }) {
  const messages = events.filter((event) => event.type === 'message')
  if (messages.length === 0) return null
  return (
    <ul className={styles.messages}>
      {messages.map((message) => (
        <Lost key={message.id} message={message} />
      ))}
    </ul>
  )
}

function Lost({ message }: { message: Extract<Event, { type: 'message' }> }) {
  const { formats, t } = useLanguage()
  const name = useName(message.author)
  const files = message.attachments ?? []
  return (
    <li>
      <p className={styles.by}>{t('message.by', { author: name, time: formats.full(message.writtenAt) })}</p>
      <p className={styles.text} dir="auto">
        {message.text}
      </p>
      {files.map((file) => (
        <p key={file.id} className={styles.by}>
          {t('message.attachment', { name: file.name })}
        </p>
      ))}
    </li>
  )
}
