import type { ConversationView } from '@parley/client'
import type { AttachmentId, MessageEvent } from '@parley/protocol'
import { type MouseEvent, useState } from 'react'
import { useLocation } from 'wouter'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useName } from '../../people.ts'
import { IconButton } from '../../ui/button.tsx'
import { FileIcon, LinkIcon, SendMessageIcon } from '../../ui/icons.tsx'
import { addressWords, type SharedFile, type SharedLink, type SharedPicture } from './shared-of.ts'
import styles from './shared.module.css'

interface ItemProps<T> {
  readonly view: ConversationView
  readonly shared: T
}

/** A picture, cut to a square: it opens whole. */
export function PictureTile({
  view,
  shared: { event, file },
  onOpen,
}: ItemProps<SharedPicture> & { readonly onOpen: (id: AttachmentId) => void }) {
  const { t } = useLanguage()
  const { api } = useAccount()
  const [isMissing, setIsMissing] = useState(false)
  const onClick = (click: MouseEvent): void => {
    // Asked for a tab of its own.
    if (click.ctrlKey || click.metaKey || click.shiftKey) return
    click.preventDefault()
    onOpen(file.id)
  }
  return (
    <li className={styles.tile}>
      <a
        href={api.attachmentUrl(file.id)}
        target="_blank"
        rel="noreferrer"
        aria-label={t('details.shared.open', { name: file.name })}
        aria-haspopup="dialog"
        onClick={onClick}
      >
        {isMissing ? (
          <FileIcon />
        ) : (
          <img
            src={api.previewUrl(file.id)}
            alt=""
            loading="lazy"
            decoding="async"
            onError={() => setIsMissing(true)}
          />
        )}
      </a>
      <ToMessage view={view} event={event} name={file.name} />
    </li>
  )
}

export function FileRow({ view, shared: { event, file } }: ItemProps<SharedFile>) {
  const { t, formats } = useLanguage()
  const { api } = useAccount()
  const size = formats.bytes(file.bytes)
  return (
    <li className={styles.row}>
      <a href={api.attachmentUrl(file.id)} download={file.name} className={styles.main}>
        <span className={styles.icon}>
          <FileIcon />
        </span>
        <span className={styles.texts}>
          <bdi>{file.name}</bdi>
          <small>
            {t('details.shared.facts', {
              size,
              author: useName(event.author),
              day: formats.short(event.at, Date.now()),
            })}
          </small>
        </span>
      </a>
      <ToMessage view={view} event={event} name={file.name} />
    </li>
  )
}

export function LinkRow({ view, shared: { event, href } }: ItemProps<SharedLink>) {
  const { t, formats } = useLanguage()
  const { site, rest } = addressWords(href)
  return (
    <li className={styles.row}>
      <a href={href} title={href} target="_blank" rel="noopener noreferrer" className={styles.main}>
        <span className={styles.icon}>
          <LinkIcon />
        </span>
        <span className={styles.texts}>
          <bdi dir="ltr">
            {site}
            <span>{rest}</span>
          </bdi>
          <small>
            {t('details.shared.by', {
              author: useName(event.author),
              day: formats.short(event.at, Date.now()),
            })}
          </small>
        </span>
      </a>
      <ToMessage view={view} event={event} name={site} />
    </li>
  )
}

interface ToMessageProps {
  readonly view: ConversationView
  readonly event: MessageEvent
  readonly name: string
}

/** Where it was said. Beside the conversation the panel stays; over it, it makes room. */
function ToMessage({ view, event, name }: ToMessageProps) {
  const { t } = useLanguage()
  const [, navigate] = useLocation()
  return (
    <IconButton
      size="small"
      className={styles.to ?? ''}
      label={t('details.shared.to-message', { name })}
      icon={<SendMessageIcon size={18} />}
      hasTip={false}
      onClick={() => {
        const isBeside = matchMedia('(width >= 68rem)').matches
        navigate(`/c/${view.id}/${event.seq}${isBeside ? '?details' : ''}`)
      }}
    />
  )
}
