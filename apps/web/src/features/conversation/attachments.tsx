import type { MessageItem, OwnFile } from '@parley/client'
import type { Attachment } from '@parley/protocol'
import { useEffect, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { FileIcon } from '../../ui/icons.tsx'
import { fitPicture, isPicture } from './pictures.ts'
import { UploadLine } from './upload-line.tsx'
import styles from './attachments.module.css'

/** A file of a message, on its way or there. */
interface Shown {
  readonly file: OwnFile
  /** Only this device has it. */
  readonly isOwn: boolean
}

/** Pictures as pictures, other files by name and size; of a message that waits, how far each has come. */
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
  return (
    <div className={styles.attachments} data-attachments>
      <ul className={styles.files}>
        {all.map(({ file }) => (
          <li key={file.id}>
            {isPictured(file) ? (
              <Picture file={file} isOwn={isOwn} />
            ) : (
              <FileLine file={file} isOwn={isOwn} />
            )}
            {isOnItsWay && <UploadLine file={file} />}
          </li>
        ))}
      </ul>
      {isOnItsWay && (
        <button type="button" className={styles.cancel} onClick={() => void account.discard(item.id)}>
          {t('message.cancel')}
        </button>
      )}
    </div>
  )
}

const asFile = ({ bytes, ...attachment }: Attachment): OwnFile => ({ ...attachment, size: bytes })

type Pictured = OwnFile & { readonly width: number; readonly height: number }

const isPictured = (file: OwnFile): file is Pictured =>
  isPicture(file.mediaType) && file.width !== undefined && file.height !== undefined

/** Its place is kept free before it is there: nothing moves when it comes. */
function Picture({ file, isOwn }: { file: Pictured; isOwn: boolean }) {
  const { t } = useLanguage()
  const api = useAccount().api
  const own = useOwnPicture(file, isOwn)
  const { width, height } = fitPicture(file.width, file.height)
  // Where it was shown from this device's own bytes, it goes on being: nothing flickers when it is sent.
  const source = own ?? (isOwn ? undefined : api.previewUrl(file.id))
  const picture = (
    <img
      className={styles.picture}
      src={source}
      alt={t('message.attachment', { name: file.name })}
      width={width}
      height={height}
      loading="lazy"
      decoding="async"
    />
  )
  if (isOwn) return picture
  return (
    <a href={api.attachmentUrl(file.id)} target="_blank" rel="noreferrer" className={styles.pictureLink}>
      {picture}
    </a>
  )
}

function FileLine({ file: { id, name, size }, isOwn }: { file: OwnFile; isOwn: boolean }) {
  const { formats } = useLanguage()
  const api = useAccount().api
  const words = (
    <>
      <FileIcon />
      <bdi>{name}</bdi>
      <span>{formats.bytes(size)}</span>
    </>
  )
  if (isOwn) return <div className={styles.file}>{words}</div>
  return (
    <a href={api.attachmentUrl(id)} download={name} className={styles.file}>
      {words}
    </a>
  )
}

/** The address of an own picture that waits; it stays for as long as the picture is on the screen. */
function useOwnPicture({ id }: OwnFile, isOwn: boolean): string | undefined {
  const account = useAccount()
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    if (!isOwn || url !== undefined) return undefined
    let isWanted = true
    const show = async () => {
      const bytes = await account.fileBytes(id)
      if (isWanted && bytes instanceof Blob) setUrl(URL.createObjectURL(bytes))
    }
    // What the device cannot read it has said elsewhere; the place stays empty.
    show().catch(() => undefined)
    return () => {
      isWanted = false
    }
  }, [account, id, isOwn, url])
  useEffect(
    () => () => {
      if (url !== undefined) URL.revokeObjectURL(url)
    },
    [url],
  )
  return url
}
