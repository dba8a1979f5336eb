import type { MessageItem, OwnFile } from '@parley/client'
import type { Attachment } from '@parley/protocol'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { FileCard } from './file-card.tsx'
import { isPlayable, Player } from './player.tsx'
import { isPictured, Picture } from './picture.tsx'
import { columnsFor } from './pictures.ts'
import { UploadLine } from './upload-line.tsx'
import styles from './attachments.module.css'

/** A file of a message, on its way or there. */
interface Shown {
  readonly file: OwnFile
  /** Only this device has it. */
  readonly isOwn: boolean
}

/** Pictures as pictures, what plays to be played, other files by name and size; of what waits, how far each has come. */
export function Attachments({ item }: { item: MessageItem }) {
  const { t } = useLanguage()
  const account = useAccount()
  const isOwn = item.place.state === 'pending'
  const isOnItsWay = item.place.state === 'pending' && item.place.fate.state !== 'refused'
  const all: readonly Shown[] = isOwn
    ? item.files.map((file) => ({ file, isOwn }))
    : item.attachments.map((attachment) => ({ file: asFile(attachment), isOwn }))
  if (item.filesElsewhere !== undefined)
    return <p className={styles.elsewhere}>{t('message.attachments', { count: item.filesElsewhere })}</p>
  if (all.length === 0) return null
  const pictures = all.map(({ file }) => file).filter(isPictured)
  const others = all.map(({ file }) => file).filter((file) => !isPictured(file))
  const line = (file: OwnFile) => isOnItsWay && <UploadLine file={file} />
  return (
    <div className={styles.attachments} data-attachments>
      {pictures.length > 0 && (
        <ul
          className={styles.pictures}
          style={{ '--columns': columnsFor(pictures.length) }}
          data-many={pictures.length > 1 || undefined}
        >
          {pictures.map((file) => (
            <li key={file.id}>
              <Picture file={file} isOwn={isOwn} isOneOfMany={pictures.length > 1} />
              {line(file)}
            </li>
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <ul className={styles.files}>
          {others.map((file) => (
            <li key={file.id}>
              {!isOwn && isPlayable(file.mediaType) && <Player file={file} />}
              <FileCard file={file} isOwn={isOwn} />
              {line(file)}
            </li>
          ))}
        </ul>
      )}
      {isOnItsWay && (
        <button type="button" className={styles.cancel} onClick={() => void account.discard(item.id)}>
          {t('message.cancel')}
        </button>
      )}
    </div>
  )
}

const asFile = ({ bytes, ...attachment }: Attachment): OwnFile => ({ ...attachment, size: bytes })
