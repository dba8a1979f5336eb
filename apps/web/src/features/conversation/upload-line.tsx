import type { OwnFile } from '@parley/client'
import { useMemo } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import styles from './attachments.module.css'

/** How far a file has come on its way to the server. */
export function UploadLine({ file: { id, name, size } }: { file: OwnFile }) {
  const { t, formats } = useLanguage()
  const account = useAccount()
  const uploads = useObservable(account.uploads)
  const link = useObservable(account.link)
  const upload = useMemo(() => uploads.get(id), [uploads, id])
  const words =
    upload?.state === 'uploaded'
      ? t('upload.done')
      : upload?.state === 'uploading'
        ? t('upload.progress', { sent: formats.bytes(upload.sent), size: formats.bytes(size) })
        : t(link.state === 'live' ? 'upload.waiting' : 'upload.offline')
  return (
    <div className={styles.upload}>
      <progress
        className={styles.bar}
        aria-label={t('upload.of', { name })}
        max={Math.max(1, size)}
        value={upload?.state === 'uploaded' ? Math.max(1, size) : (upload?.sent ?? 0)}
      />
      <span>{words}</span>
    </div>
  )
}
