import type { ConversationView } from '@parley/client'
import type { AttachmentId } from '@parley/protocol'
import { lazy, Suspense, useRef, useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { persistent } from '../../platform/persistent.ts'
import type { Viewed } from '../viewer/viewed.ts'
import { PictureTile } from './shared-items.tsx'
import type { SharedPicture } from './shared-of.ts'
import styles from './shared.module.css'

const Gallery = lazy(persistent(async () => ({ default: (await import('../viewer/viewer.tsx')).Gallery })))

interface PictureGridProps {
  readonly view: ConversationView
  /** Newest first. */
  readonly pictures: readonly SharedPicture[]
}

/** Pictures as a grid; each opens large, and leads from there to the ones before and after it. */
export function PictureGrid({ view, pictures }: PictureGridProps) {
  const { t } = useLanguage()
  const [shown, setShown] = useState<AttachmentId>()
  const opener = useRef<Element>(null)
  const open = (id: AttachmentId): void => {
    opener.current = document.activeElement
    setShown(id)
  }
  return (
    <>
      <ul className={styles.pictures} aria-label={t('details.shared.pictures')}>
        {pictures.map((each) => (
          <PictureTile key={each.file.id} view={view} shared={each} onOpen={open} />
        ))}
      </ul>
      <Suspense>
        {shown !== undefined && (
          <Gallery
            all={pictures.map(viewedOf).toReversed()}
            shown={shown}
            opener={opener}
            onShow={setShown}
            onClose={() => setShown(undefined)}
          />
        )}
      </Suspense>
    </>
  )
}

const viewedOf = ({ event, file }: SharedPicture): Viewed => ({
  picture: file,
  author: event.author,
  at: event.at,
})
