import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import styles from './tip.module.css'

const DELAY_MILLIS = 500
/** Going on to the neighbour within this time shows its name at once. */
const WARM_MILLIS = 300
const GAP_PIXELS = 6

/** One tip for the whole page, beside what is pointed at with a mouse or reached by keyboard; Escape closes it. */
export default function TipLayer() {
  const [anchor, setAnchor] = useState<HTMLElement>()
  const layer = useRef<HTMLDivElement>(null)
  useEffect(() => listen(setAnchor), [])
  useLayoutEffect(() => {
    const box = layer.current
    if (box === null || anchor === undefined) return
    box.showPopover()
    place(box, anchor)
    return () => box.hidePopover()
  }, [anchor])
  return (
    <div ref={layer} popover="manual" className={styles.tip} aria-hidden="true">
      <bdi>{anchor?.dataset['tip']}</bdi>
    </div>
  )
}

const tippedAt = (target: EventTarget | null): HTMLElement | undefined =>
  target instanceof Element ? (target.closest<HTMLElement>('[data-tip]') ?? undefined) : undefined

function listen(show: (anchor: HTMLElement | undefined) => void): () => void {
  const ended = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  let pointed: HTMLElement | undefined
  let hiddenAt = -Infinity
  let isShown = false
  const set = (anchor: HTMLElement | undefined): void => {
    clearTimeout(timer)
    if (isShown && anchor === undefined) hiddenAt = performance.now()
    isShown = anchor !== undefined
    show(anchor)
  }
  const hide = (): void => set(undefined)
  const on = <K extends keyof DocumentEventMap>(type: K, hear: (event: DocumentEventMap[K]) => void): void =>
    document.addEventListener(type, hear, { signal: ended.signal, capture: true, passive: true })
  on('pointerover', ({ target, pointerType }) => {
    const found = pointerType === 'mouse' ? tippedAt(target) : undefined
    if (found === pointed) return
    pointed = found
    hide()
    if (found === undefined) return
    if (performance.now() - hiddenAt < WARM_MILLIS) set(found)
    else timer = setTimeout(() => found.isConnected && set(found), DELAY_MILLIS)
  })
  on('focusin', ({ target }) => {
    const found = tippedAt(target)
    if (found !== undefined && found === target && found.matches(':focus-visible')) set(found)
  })
  on('focusout', hide)
  on('pointerdown', hide)
  on('scroll', hide)
  on('keydown', ({ key }) => key === 'Escape' && hide())
  return () => {
    ended.abort()
    clearTimeout(timer)
  }
}

/** In the middle of the anchor's edge, pushed inside the window, on the other side where there is no room. */
function place(box: HTMLElement, anchor: HTMLElement): void {
  const at = anchor.getBoundingClientRect()
  const { width, height } = box.getBoundingClientRect()
  const left = Math.min(
    Math.max(GAP_PIXELS, at.left + at.width / 2 - width / 2),
    innerWidth - width - GAP_PIXELS,
  )
  const above = at.top - height - GAP_PIXELS
  const below = at.bottom + GAP_PIXELS
  const isAbove = anchor.dataset['tipSide'] === 'above' ? above > 0 : below + height > innerHeight
  box.style.insetInlineStart = 'auto'
  box.style.left = `${left}px`
  box.style.top = `${isAbove ? above : below}px`
}
