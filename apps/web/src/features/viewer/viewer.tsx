import { Dialog } from '@base-ui/react/dialog'
import type { Timeline } from '@parley/client'
import type { AttachmentId } from '@parley/protocol'
import { type KeyboardEvent, type RefObject, useEffect, useRef } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { useNames } from '../../people.ts'
import { IconButton } from '../../ui/button.tsx'
import { BackIcon, CloseIcon, DownIcon, ForwardIcon } from '../../ui/icons.tsx'
import { tip } from '../../ui/tip.ts'
import { Stage } from './stage.tsx'
import { useZoom } from './use-zoom.ts'
import { picturesIn, type Viewed } from './viewed.ts'
import { CloserIcon, FartherIcon } from './viewer-icons.tsx'
import styles from './viewer.module.css'

interface ViewerProps {
  readonly timeline: Timeline
  readonly shown: AttachmentId
  readonly opener: RefObject<Element | null>
  readonly onShow: (id: AttachmentId) => void
  readonly onClose: () => void
}

/** The pictures of the timeline. */
export default function Viewer({ timeline, ...rest }: ViewerProps) {
  return <Gallery all={picturesIn(useObservable(timeline).items)} {...rest} />
}

interface GalleryProps extends Omit<ViewerProps, 'timeline'> {
  /** In the order of the log. */
  readonly all: readonly Viewed[]
}

/** The pictures of a conversation, one at a time and as large as the window. */
export function Gallery({ all, shown, opener, onShow, onClose }: GalleryProps) {
  const at = all.findIndex(({ picture }) => picture.id === shown)
  const current = all[at]
  const isGone = current === undefined
  // Out of the stretch of history that is held: there is nothing to show any more.
  useEffect(() => {
    if (isGone) onClose()
  }, [isGone, onClose])
  if (current === undefined) return null
  const onStep = (step: 1 | -1): void => {
    const next = all[at + step]
    if (next !== undefined) onShow(next.picture.id)
  }
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Popup
          className={styles.viewer}
          finalFocus={() => (opener.current instanceof HTMLElement ? opener.current : true)}
        >
          <Picture
            viewed={current}
            number={at + 1}
            count={all.length}
            next={all[at + 1]}
            onStep={onStep}
            onClose={onClose}
          />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

interface PictureProps {
  readonly viewed: Viewed
  readonly number: number
  readonly count: number
  readonly next: Viewed | undefined
  readonly onStep: (step: 1 | -1) => void
  readonly onClose: () => void
}

function Picture({ viewed: { picture, author, at }, number, count, next, onStep, onClose }: PictureProps) {
  const { t, formats } = useLanguage()
  const { api } = useAccount()
  const [name = ''] = useNames([author])
  const stage = useRef<HTMLDivElement>(null)
  const zoom = useZoom(stage, picture)
  // The next one is on its way while this one is looked at.
  const following = next && api.attachmentUrl(next.picture.id)
  useEffect(() => {
    if (following !== undefined) new Image().src = following
  }, [following])

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const isRightToLeft = document.documentElement.dir === 'rtl'
    const aside = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const down = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (event.key === '+' || event.key === '=') zoom.step(1)
    else if (event.key === '-') zoom.step(-1)
    else if (event.key === '0') zoom.reset()
    else if (event.key === 'PageDown') onStep(1)
    else if (event.key === 'PageUp') onStep(-1)
    else if (aside === 0 && down === 0) return
    else if (zoom.isClose) zoom.pan({ x: aside * -80, y: down * -80 })
    else if (aside !== 0) onStep((aside === 1) === isRightToLeft ? -1 : 1)
    event.preventDefault()
  }
  const download = t('viewer.download', { name: picture.name })
  return (
    // The keys are for the whole window of it, whichever button has the focus.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className={styles.frame} onKeyDown={onKeyDown}>
      <header className={styles.head}>
        <div className={styles.words}>
          <Dialog.Title className={styles.title}>
            <bdi>{picture.name}</bdi>
          </Dialog.Title>
          <Dialog.Description className={styles.about}>
            <bdi>{name}</bdi>
            <time dateTime={new Date(at).toISOString()}>{formats.full(at)}</time>
          </Dialog.Description>
        </div>
        {count > 1 && (
          <span className={styles.count} role="status">
            {t('viewer.place', { number: formats.number(number), count })}
          </span>
        )}
        <div className={styles.tools}>
          <span className={styles.zooming}>
            <IconButton
              label={t('viewer.farther')}
              icon={<FartherIcon />}
              disabled={!zoom.isClose}
              onClick={() => zoom.step(-1)}
            />
            <IconButton label={t('viewer.closer')} icon={<CloserIcon />} onClick={() => zoom.step(1)} />
          </span>
          <a
            {...tip(download)}
            aria-label={download}
            className={styles.download}
            href={api.attachmentUrl(picture.id)}
            download={picture.name}
          >
            <DownIcon />
          </a>
          <Dialog.Close render={<IconButton label={t('common.close')} icon={<CloseIcon />} />} />
        </div>
      </header>
      <Stage ref={stage} picture={picture} zoom={zoom} onStep={onStep} onClose={onClose} />
      {number > 1 && (
        <IconButton
          className={`${styles.aside} ${styles.previous}`}
          label={t('viewer.previous')}
          icon={<BackIcon size={24} />}
          hasTip={false}
          onClick={() => onStep(-1)}
        />
      )}
      {number < count && (
        <IconButton
          className={`${styles.aside} ${styles.next}`}
          label={t('viewer.next')}
          icon={<ForwardIcon size={24} />}
          hasTip={false}
          onClick={() => onStep(1)}
        />
      )}
    </div>
  )
}
