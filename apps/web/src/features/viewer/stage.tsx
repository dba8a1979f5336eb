import { type PointerEvent, type Ref, useEffect, useEffectEvent, useRef, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import type { Zooming } from './use-zoom.ts'
import type { Pictured } from './viewed.ts'
import { swiped } from './zoom.ts'
import styles from './viewer.module.css'

interface StageProps {
  readonly ref: { current: HTMLDivElement | null } & Ref<HTMLDivElement>
  readonly picture: Pictured
  readonly zoom: Zooming
  readonly onStep: (step: 1 | -1) => void
  readonly onClose: () => void
}

interface Point {
  readonly x: number
  readonly y: number
}

/** Further than a finger trembles. */
const CLICK_PIXELS = 6
const STILL: Point = { x: 0, y: 0 }

/** The picture, and everything that hands do with it. */
export function Stage({ ref, picture, zoom, onStep, onClose }: StageProps) {
  const { t } = useLanguage()
  const { api } = useAccount()
  const fingers = useRef(new Map<number, Point>())
  const way = useRef(STILL)
  const pinched = useRef(false)
  const [drag, setDrag] = useState<Point>()
  const [missing, setMissing] = useState<string>()
  const { id, name, width, height } = picture
  const isMissing = missing === id

  const onWheel = useEffectEvent((event: WheelEvent) => {
    // The browser would make the whole page larger.
    event.preventDefault()
    zoom.by(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0025)), { x: event.clientX, y: event.clientY })
  })
  useEffect(() => {
    const stage = ref.current
    const listen = (event: WheelEvent): void => onWheel(event)
    // React listens passively, which cannot prevent anything.
    stage?.addEventListener('wheel', listen, { passive: false })
    return () => stage?.removeEventListener('wheel', listen)
  }, [ref])

  const onDown = (event: PointerEvent<HTMLElement>): void => {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    if (fingers.current.size === 0) {
      way.current = STILL
      pinched.current = false
    }
    fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY })
  }
  const onMove = (event: PointerEvent): void => {
    const before = fingers.current.get(event.pointerId)
    if (before === undefined) return
    const now = { x: event.clientX, y: event.clientY }
    const by = { x: now.x - before.x, y: now.y - before.y }
    const other = [...fingers.current].find(([pointer]) => pointer !== event.pointerId)?.[1]
    fingers.current.set(event.pointerId, now)
    if (other !== undefined) {
      pinched.current = true
      setDrag(undefined)
      const spread = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y)
      const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 }
      zoom.by(spread(now, other) / Math.max(1, spread(before, other)), middle)
      return
    }
    way.current = { x: way.current.x + by.x, y: way.current.y + by.y }
    if (zoom.isClose) zoom.pan(by)
    else if (event.pointerType !== 'mouse' && !pinched.current) setDrag(way.current)
  }
  const onUp = (event: PointerEvent<HTMLElement>): void => {
    if (!fingers.current.delete(event.pointerId) || fingers.current.size > 0) return
    setDrag(undefined)
    if (pinched.current) return
    const isClick = Math.hypot(way.current.x, way.current.y) < CLICK_PIXELS
    if (isClick && !isOnPicture(event)) onClose()
    if (isClick || zoom.isClose || event.pointerType === 'mouse') return
    const meant = swiped(way.current, document.documentElement.dir === 'rtl')
    if (meant === 'close') onClose()
    else if (meant !== 'stay') onStep(meant === 'next' ? 1 : -1)
  }
  const { scale, x, y } = zoom.zoom
  const shift =
    drag === undefined ? { x, y } : Math.abs(drag.y) > Math.abs(drag.x) ? { x, y: drag.y } : { x: drag.x, y }
  return (
    // By keys the same is done with the buttons and keys of the viewer.
    <div
      ref={ref}
      className={styles.stage}
      data-close={zoom.isClose || undefined}
      data-held={drag !== undefined || undefined}
      onPointerDown={onDown}
      onPointerMove={onMove}
      onPointerUp={onUp}
      onPointerCancel={(event) => {
        fingers.current.delete(event.pointerId)
        setDrag(undefined)
      }}
      onDoubleClick={(event) => isOnPicture(event) && zoom.toggle({ x: event.clientX, y: event.clientY })}
    >
      <div
        key={id}
        className={styles.picture}
        data-picture
        style={{
          '--width': `${width}px`,
          '--ratio': width / height,
          transform: `translate(${shift.x}px, ${shift.y}px) scale(${scale})`,
        }}
      >
        {/* The small one is there already, and the large one lies over it as soon as it is. */}
        <img src={api.previewUrl(id)} alt="" draggable={false} />
        {!isMissing && (
          <img
            src={api.attachmentUrl(id)}
            alt={t('message.attachment', { name })}
            draggable={false}
            onError={() => setMissing(id)}
          />
        )}
      </div>
      {isMissing && (
        <p className={styles.missing} role="status">
          {t('viewer.missing')}
        </p>
      )}
    </div>
  )
}

/** The pointer is captured by the stage, so that its target says nothing. */
const isOnPicture = ({ clientX, clientY }: { clientX: number; clientY: number }): boolean =>
  document.elementsFromPoint(clientX, clientY).some((each) => each.closest('[data-picture]') !== null)
