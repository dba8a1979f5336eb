import type { OwnFile } from '@parley/client'
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
  const upload = uploads.get(id)
  const words = (): string => {
    if (upload?.state === 'uploaded') return t('upload.done')
    if (link.state !== 'live') return t('upload.offline')
    if (upload?.state !== 'uploading') return t('upload.waiting')
    return t('upload.progress', { sent: formats.bytes(upload.sent), size: formats.bytes(size) })
  }
  return (
    <div className={styles.upload}>
      <progress
        className={styles.bar}
        aria-label={t('upload.of', { name })}
        max={Math.max(1, size)}
        value={upload?.state === 'uploaded' ? Math.max(1, size) : (upload?.sent ?? 0)}
      />
      <span>{words()}</span>
    </div>
  )
}
