import type { Answer } from '@parley/client'
import { type ChangeEvent, useRef, useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import type { PlainKey } from '../../i18n/translate.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { pictureAddress } from '../../ui/picture-address.ts'
import { readImage } from './cut.ts'
import { PictureDialog } from './picture-dialog.tsx'
import { pictureError } from './picture-error.ts'
import styles from './pictures.module.css'

interface PictureChoiceProps {
  readonly id: string
  readonly name: string
  readonly shape: 'person' | 'group'
  /** As it is now. */
  readonly avatar: string | undefined
  readonly onChosen: (picture: Blob) => Promise<Answer<unknown>>
  readonly onRemove: () => Promise<Answer<unknown>>
}

const TYPES = 'image/png,image/jpeg,image/webp,image/gif,image/avif'

/** The picture of a person or a group, with the ways to change it. */
export function PictureChoice({ id, name, shape, avatar, onChosen, onRemove }: PictureChoiceProps) {
  const { t } = useLanguage()
  const picker = useRef<HTMLInputElement>(null)
  const opener = useRef<HTMLButtonElement>(null)
  const [image, setImage] = useState<ImageBitmap>()
  const [error, setError] = useState<PlainKey>()
  const isThere = pictureAddress(avatar) !== undefined
  const choose = async ({ target }: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const [file] = target.files ?? []
    // The same file may be chosen again.
    target.value = ''
    if (file === undefined) return
    const read = await readImage(file)
    setError(read === undefined ? 'pictures.error.file' : undefined)
    setImage(read)
  }
  const remove = async (): Promise<void> => {
    const answer = await onRemove()
    setError(answer.ok ? undefined : pictureError(answer.code, navigator.onLine))
    opener.current?.focus()
  }
  const close = (): void => {
    image?.close()
    setImage(undefined)
    opener.current?.focus()
  }
  return (
    <div className={styles.choice} data-shape={shape}>
      <Avatar id={id} name={name} shape={shape} size="huge" />
      <div className={styles.ways}>
        <div className={styles.buttons}>
          <Button ref={opener} onClick={() => picker.current?.click()}>
            {t(isThere ? 'pictures.change' : 'pictures.add')}
          </Button>
          {isThere && (
            <Button look="quiet" onClick={() => void remove()}>
              {t('pictures.remove')}
            </Button>
          )}
        </div>
        {error === undefined ? (
          <p>{t(shape === 'person' ? 'pictures.hint.person' : 'pictures.hint.group')}</p>
        ) : (
          <Notice look="danger">{t(error)}</Notice>
        )}
      </div>
      <input
        ref={picker}
        type="file"
        accept={TYPES}
        hidden
        aria-label={t('pictures.file')}
        onChange={(event) => void choose(event)}
      />
      {image !== undefined && (
        <PictureDialog image={image} shape={shape} onChosen={onChosen} onClose={close} />
      )}
    </div>
  )
}
