import type { Attachment } from '@parley/protocol'
import { useLanguage } from '../../i18n/language.tsx'
import { FileIcon } from '../../ui/icons.tsx'
import styles from './message.module.css'

/** Files by name and size. */
export function Attachments({ attachments }: { attachments: readonly Attachment[] }) {
  const { formats } = useLanguage()
  return (
    <ul className={styles.files}>
      {attachments.map(({ id, name, bytes }) => (
        <li key={id}>
          <a href={`/api/attachments/${id}`} download={name} className={styles.file}>
            <FileIcon />
            <bdi>{name}</bdi>
            <span>{formats.bytes(bytes)}</span>
          </a>
        </li>
      ))}
    </ul>
  )
}
