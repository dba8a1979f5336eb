import type { OwnFile } from '@parley/client'
import { type MouseEvent, useEffect, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { listenTo } from '../../platform/listen.ts'
import { useViewer } from '../viewer/viewer-context.ts'
import { fitPicture, isPicture } from './pictures.ts'
import styles from './attachments.module.css'

type Pictured = OwnFile & { readonly width: number; readonly height: number }

export const isPictured = (file: OwnFile): file is Pictured =>
  isPicture(file.mediaType) && file.width !== undefined && file.height !== undefined

interface PictureProps {
  readonly file: Pictured
  readonly isOwn: boolean
  /** Then all have the same shape, and the middle of each is seen. */
  readonly isOneOfMany: boolean
}

/** Its place is kept free before it is there: nothing moves when it comes. */
export function Picture({ file, isOwn, isOneOfMany }: PictureProps) {
  const { t } = useLanguage()
  const { api } = useAccount()
  const show = useViewer()
  const own = useOwnPicture(file, isOwn)
  const [isMissing, setIsMissing] = useState(false)
  const { width, height } = fitPicture(file.width, file.height)
  useEffect(
    () => (isMissing ? listenTo(window, ['online'], () => setIsMissing(false)) : undefined),
    [isMissing],
  )
  // Where it was shown from this device's own bytes, it goes on being: nothing flickers when it is sent.
  const source = own ?? (isOwn ? undefined : api.previewUrl(file.id))
  const picture = (
    <span className={styles.place} style={{ '--width': `${width}px`, '--ratio': width / height }}>
      <img
        className={styles.picture}
        src={source}
        alt={t('message.attachment', { name: file.name })}
        width={width}
        height={height}
        loading="lazy"
        decoding="async"
        data-missing={isMissing || undefined}
        onError={() => setIsMissing(true)}
      />
      {isMissing && <span className={styles.missing}>{t('files.picture.missing')}</span>}
    </span>
  )
  if (isOwn) return picture
  const onClick = (event: MouseEvent): void => {
    // Asked for a tab of its own, or there is nothing to show it in.
    if (show === undefined || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    show(file.id)
  }
  return (
    <a
      href={api.attachmentUrl(file.id)}
      target="_blank"
      rel="noreferrer"
      className={styles.pictureLink}
      data-many={isOneOfMany || undefined}
      aria-haspopup={show === undefined ? undefined : 'dialog'}
      onClick={onClick}
    >
      {picture}
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
