import type { OwnFile } from '@parley/client'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { DownIcon } from '../../ui/icons.tsx'
import { FileKindIcon } from './file-kind.tsx'
import { cutName } from './pictures.ts'
import styles from './attachments.module.css'

/** A file by its kind, name and size; with a click it is saved. */
export function FileCard({ file: { id, name, mediaType, size }, isOwn }: { file: OwnFile; isOwn: boolean }) {
  const { formats } = useLanguage()
  const { api } = useAccount()
  const words = (
    <>
      <span className={styles.kind}>
        <FileKindIcon mediaType={mediaType} name={name} />
      </span>
      <span className={styles.about}>
        <FileName name={name} />
        <span className={styles.size}>{formats.bytes(size)}</span>
      </span>
    </>
  )
  if (isOwn) return <div className={styles.file}>{words}</div>
  return (
    <a href={api.attachmentUrl(id)} download={name} title={name} className={styles.file}>
      {words}
      <span className={styles.save}>
        <DownIcon size={18} />
      </span>
    </a>
  )
}

/** Where there is no room for all of a name, its middle gives way: its end says what it is. */
export function FileName({ name }: { name: string }) {
  const { start, end } = cutName(name)
  return (
    <bdi className={styles.name}>
      <span>{start}</span>
      {end !== '' && <span>{end}</span>}
    </bdi>
  )
}
