import { type KeyboardEvent, type PointerEvent, useEffect, useRef } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { type Crop, moved, squareOf, zoomed } from './cropping.ts'
import styles from './pictures.module.css'

interface CropStageProps {
  readonly image: ImageBitmap
  readonly shape: 'person' | 'group'
  readonly crop: Crop
  readonly onCrop: (crop: Crop) => void
}

const STEP = 0.05
const ZOOM_STEP = 0.15

/** What will be seen, as it will be seen: dragged, turned nearer with the wheel, or moved with the arrow keys. */
export function CropStage({ image, shape, crop, onCrop }: CropStageProps) {
  const { t } = useLanguage()
  const canvas = useRef<HTMLCanvasElement>(null)
  const held = useRef<{ readonly id: number; readonly x: number; readonly y: number }>(undefined)
  useEffect(() => {
    const drawn = canvas.current
    const context = drawn?.getContext('2d')
    if (drawn === null || context === null || context === undefined) return
    const { left, top, edge } = squareOf(crop, image)
    context.imageSmoothingQuality = 'high'
    context.fillStyle = '#ffffff'
    context.fillRect(0, 0, drawn.width, drawn.height)
    context.drawImage(image, left, top, edge, edge, 0, 0, drawn.width, drawn.height)
  }, [image, crop])
  // React's own wheel listeners may not keep the dialog from scrolling.
  useEffect(() => {
    const drawn = canvas.current
    if (drawn === null) return
    const turn = (event: WheelEvent): void => {
      event.preventDefault()
      onCrop(zoomed(crop, image, crop.zoom * Math.exp(-event.deltaY / 400)))
    }
    drawn.addEventListener('wheel', turn, { passive: false })
    return () => drawn.removeEventListener('wheel', turn)
  }, [crop, image, onCrop])

  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    if (held.current?.id !== event.pointerId) return
    const { width, height } = event.currentTarget.getBoundingClientRect()
    const [right, down] = [event.clientX - held.current.x, event.clientY - held.current.y]
    held.current = { id: event.pointerId, x: event.clientX, y: event.clientY }
    onCrop(moved(crop, image, right / width, down / height))
  }
  const press = (event: KeyboardEvent): void => {
    const next = afterKey(event.key, crop, image)
    if (next === undefined) return
    event.preventDefault()
    onCrop(next)
  }
  return (
    <div className={styles.stage}>
      <div
        className={styles.frame}
        data-shape={shape}
        role="application"
        aria-label={t('pictures.stage')}
        tabIndex={0}
        onKeyDown={press}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          held.current = { id: event.pointerId, x: event.clientX, y: event.clientY }
        }}
        onPointerMove={drag}
        onPointerUp={() => (held.current = undefined)}
        onPointerCancel={() => (held.current = undefined)}
      >
        <canvas ref={canvas} width={512} height={512} />
      </div>
    </div>
  )
}

/** Arrows move what is seen through the frame: to the right, one sees more of the right. */
function afterKey(key: string, crop: Crop, image: ImageBitmap): Crop | undefined {
  switch (key) {
    case 'ArrowLeft':
      return moved(crop, image, STEP, 0)
    case 'ArrowRight':
      return moved(crop, image, -STEP, 0)
    case 'ArrowUp':
      return moved(crop, image, 0, STEP)
    case 'ArrowDown':
      return moved(crop, image, 0, -STEP)
    case '+':
    case '=':
      return zoomed(crop, image, crop.zoom + ZOOM_STEP)
    case '-':
      return zoomed(crop, image, crop.zoom - ZOOM_STEP)
    default:
      return undefined
  }
}
