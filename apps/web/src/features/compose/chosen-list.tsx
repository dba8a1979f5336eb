import { useEffect, useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { IconButton } from '../../ui/button.tsx'
import { CloseIcon, FileIcon } from '../../ui/icons.tsx'
import { isPicture } from '../conversation/pictures.ts'
import type { ChosenFile, Choice } from './chosen-files.ts'
import styles from './files.module.css'

/** What goes with the next message, above its text. */
export function ChosenList({ choice }: { choice: Choice }) {
  const { t } = useLanguage()
  if (choice.files.length === 0) return null
  return (
    <ul className={styles.chosen} aria-label={t('compose.files')}>
      {choice.files.map((file) => (
        <Chosen key={file.key} file={file} choice={choice} />
      ))}
    </ul>
  )
}

function Chosen({ file, choice }: { file: ChosenFile; choice: Choice }) {
  const { t, formats } = useLanguage()
  const url = useBlobUrl(isPicture(file.mediaType) ? file.bytes : undefined)
  return (
    <li className={styles.chip}>
      {url === undefined ? (
        <span className={styles.kind}>
          <FileIcon />
        </span>
      ) : (
        <img
          className={styles.thumbnail}
          src={url}
          alt=""
          onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => {
            if (file.width === undefined) choice.measured(file.key, naturalWidth, naturalHeight)
          }}
        />
      )}
      <span className={styles.words}>
        <bdi>{file.name}</bdi>
        <span>{formats.bytes(file.bytes.size)}</span>
      </span>
      <IconButton
        size="small"
        label={t('common.remove', { name: file.name })}
        icon={<CloseIcon size={14} />}
        hasTip={false}
        onClick={() => choice.remove(file.key)}
      />
    </li>
  )
}

/** An address for what lies in the browser; undefined for anything that does not. */
function useBlobUrl(bytes: unknown): string | undefined {
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    if (!(bytes instanceof Blob)) return undefined
    const made = URL.createObjectURL(bytes)
    setUrl(made)
    return () => {
      URL.revokeObjectURL(made)
      setUrl(undefined)
    }
  }, [bytes])
  return url
}
