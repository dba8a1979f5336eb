import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { IconButton } from '../../ui/button.tsx'
import { CloseIcon } from '../../ui/icons.tsx'
import { FileName } from '../conversation/file-card.tsx'
import { FileKindIcon } from '../conversation/file-kind.tsx'
import { isPicture } from '../conversation/pictures.ts'
import type { ChosenFile, Choice } from './chosen-files.ts'
import styles from './files.module.css'

/** What goes with the next message, above its text. */
export function ChosenList({ choice }: { choice: Choice }) {
  const { t } = useLanguage()
  const list = useRef<HTMLUListElement>(null)
  /** Where one was taken out: the focus goes on to the one that is there now, and from the last to the text. */
  const removedAt = useRef<number>(undefined)
  useLayoutEffect(() => {
    const at = removedAt.current
    if (at === undefined) return
    removedAt.current = undefined
    const buttons = list.current?.querySelectorAll('button') ?? []
    const next = buttons[Math.min(at, buttons.length - 1)] ?? document.getElementById('composer')
    next?.focus()
  }, [choice.files])
  if (choice.files.length === 0) return null
  return (
    <ul ref={list} className={styles.chosen} aria-label={t('compose.files')}>
      {choice.files.map((file, at) => (
        <Chosen
          key={file.key}
          file={file}
          choice={choice}
          onRemove={() => {
            removedAt.current = at
            choice.remove(file.key)
          }}
        />
      ))}
    </ul>
  )
}

interface ChosenProps {
  readonly file: ChosenFile
  readonly choice: Choice
  readonly onRemove: () => void
}

function Chosen({ file, choice, onRemove }: ChosenProps) {
  const { t, formats } = useLanguage()
  const url = useBlobUrl(isPicture(file.mediaType) ? file.bytes : undefined)
  return (
    <li className={styles.chip}>
      {url === undefined ? (
        <span className={styles.kind}>
          <FileKindIcon mediaType={file.mediaType} name={file.name} />
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
        <FileName name={file.name} />
        <span>{formats.bytes(file.bytes.size)}</span>
      </span>
      <IconButton
        size="small"
        label={t('common.remove', { name: file.name })}
        icon={<CloseIcon size={14} />}
        hasTip={false}
        onClick={onRemove}
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
