import type { OwnFile } from '@parley/client'
import { useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import styles from './attachments.module.css'

/** What the server gives out to be played where it stands. */
const PLAYABLE = /^(audio\/(aac|flac|mp4|mpeg|ogg|wav|x-m4a)|video\/(mp4|ogg|quicktime|webm|x-m4v))\b/

export const isPlayable = (mediaType: string): boolean => PLAYABLE.test(mediaType)

/** Nothing of it is loaded before it is played. */
export function Player({ file: { id, name, mediaType } }: { file: OwnFile }) {
  const { t } = useLanguage()
  const { api } = useAccount()
  const [isMissing, setIsMissing] = useState(false)
  const shared = {
    controls: true,
    preload: 'none',
    src: api.attachmentUrl(id),
    'aria-label': name,
    onError: () => setIsMissing(true),
    onPlaying: () => setIsMissing(false),
  } as const
  return (
    <>
      {mediaType.startsWith('audio/') ? (
        // What people send each other has no captions.
        // oxlint-disable-next-line jsx-a11y/media-has-caption
        <audio {...shared} className={styles.audio} />
      ) : (
        // oxlint-disable-next-line jsx-a11y/media-has-caption
        <video {...shared} playsInline className={styles.video} />
      )}
      {isMissing && (
        <p className={styles.elsewhere} role="status">
          {t('files.media.missing')}
        </p>
      )}
    </>
  )
}
