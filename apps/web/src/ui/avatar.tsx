import { useEffect, useState } from 'react'
import { listenTo } from '../platform/listen.ts'
import { pictureAddress } from './picture-address.ts'
import { usePicture } from './use-picture.ts'
import { hueOf, initialsOf } from './identity.ts'
import styles from './avatar.module.css'

interface AvatarProps {
  readonly id: string
  readonly name: string
  /** People are round, conversations are rounded squares. */
  readonly shape?: 'person' | 'group'
  readonly size?: 'tiny' | 'small' | 'normal' | 'large' | 'huge'
  readonly isOnline?: boolean
}

/** Decoration only: the name always stands beside it in words. Initials, until there is a picture to be seen. */
export function Avatar({ id, name, shape = 'person', size = 'normal', isOnline = false }: AvatarProps) {
  const address = pictureAddress(usePicture(id, shape))
  return (
    <span className={styles.avatar} data-size={size} data-shape={shape} aria-hidden="true">
      <span className={styles.face} style={{ '--hue': hueOf(id) }}>
        {initialsOf(name)}
        {address !== undefined && <Picture key={address} address={address} />}
      </span>
      {isOnline && <span className={styles.online} />}
    </span>
  )
}

/** Lies over the initials; what cannot be had leaves them there, and is tried again when there is a network. */
function Picture({ address }: { address: string }) {
  const [isMissing, setIsMissing] = useState(false)
  useEffect(
    () => (isMissing ? listenTo(window, ['online'], () => setIsMissing(false)) : undefined),
    [isMissing],
  )
  if (isMissing) return null
  return (
    <img
      className={styles.picture}
      src={address}
      alt=""
      decoding="async"
      draggable={false}
      onError={() => setIsMissing(true)}
    />
  )
}
