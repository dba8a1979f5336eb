import type { Answer } from '@parley/client'
import { useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import type { PlainKey } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { CropStage } from './crop-stage.tsx'
import { MAX_ZOOM, squareOf, WHOLE, zoomed } from './cropping.ts'
import { cut } from './cut.ts'
import { pictureError } from './picture-error.ts'
import styles from './pictures.module.css'

interface PictureDialogProps {
  readonly image: ImageBitmap
  readonly shape: 'person' | 'group'
  readonly onChosen: (picture: Blob) => Promise<Answer<unknown>>
  readonly onClose: () => void
}

/** Which part of an image becomes the picture. What goes wrong is said here, and nothing that was set is lost. */
export function PictureDialog({ image, shape, onChosen, onClose }: PictureDialogProps) {
  const { t, formats } = useLanguage()
  const [crop, setCrop] = useState(WHOLE)
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<PlainKey>()
  const use = async (): Promise<void> => {
    setIsBusy(true)
    setError(undefined)
    try {
      const answer = await onChosen(await cut(image, squareOf(crop, image)))
      if (answer.ok) return onClose()
      setError(pictureError(answer.code, navigator.onLine))
    } catch {
      // A canvas for which there is no memory.
      setError('pictures.error.cut')
    }
    setIsBusy(false)
  }
  return (
    <Dialog
      isOpen
      isQuestion
      onClose={onClose}
      title={t('pictures.crop.title')}
      lead={t('pictures.crop.lead')}
      actions={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" isBusy={isBusy} onClick={() => void use()}>
            {t('pictures.use')}
          </Button>
        </>
      }
    >
      <CropStage image={image} shape={shape} crop={crop} onCrop={setCrop} />
      <label className={styles.zoom}>
        <span>{t('pictures.zoom')}</span>
        <input
          type="range"
          min={1}
          max={MAX_ZOOM}
          step={0.05}
          value={crop.zoom}
          aria-valuetext={t('pictures.zoom.value', { percent: formats.number(Math.round(crop.zoom * 100)) })}
          onChange={({ target }) => setCrop(zoomed(crop, image, target.valueAsNumber))}
        />
      </label>
      {error !== undefined && <Notice look="danger">{t(error)}</Notice>}
    </Dialog>
  )
}
