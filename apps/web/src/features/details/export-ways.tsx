import type { ConversationView } from '@parley/client'
import { useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { saveBlob } from '../../platform/save-file.ts'
import { DownloadIcon, FileIcon } from '../../ui/icons.tsx'
import { titleOf } from '../inbox/titles.ts'
import { makeReadable } from './make-readable.ts'
import { Way } from './way.tsx'
import styles from './ways-out.module.css'

interface ExportWaysProps {
  readonly view: ConversationView
  readonly isIn: boolean
}

/** The conversation as a file: to read, from what this device holds; and the whole log, from the server. */
export function ExportWays({ view, isIn }: ExportWaysProps) {
  const account = useAccount()
  const language = useLanguage()
  const { t } = language
  const [state, setState] = useState<'idle' | 'making' | 'failed'>('idle')
  const isLive = useObservable(account.link).state === 'live'
  const save = async (): Promise<void> => {
    if (state === 'making') return
    setState('making')
    try {
      saveBlob(`${fileName(titleOf(view, t))}.md`, await makeReadable(account, view, language))
      setState('idle')
    } catch {
      // The disk cannot be read: which fault it is stands above everything.
      setState('failed')
    }
  }
  return (
    <>
      <Way icon={<FileIcon />} onSelect={() => void save()}>
        {t('details.readable')}
      </Way>
      <p className="visually-hidden" role="status">
        {state === 'making' && t('details.readable.making')}
      </p>
      {state === 'failed' && (
        <p className={styles.fact} role="alert">
          {t('details.readable.failed')}
        </p>
      )}
      {isIn &&
        (isLive ? (
          <a className={styles.way} href={account.api.exportUrl(view.id)} download>
            <DownloadIcon />
            <span>
              {t('details.export')}
              <small>{t('details.export.hint')}</small>
            </span>
          </a>
        ) : (
          // It stays where it is, and says why it does nothing now.
          <span className={styles.way} role="link" aria-disabled="true" tabIndex={0}>
            <DownloadIcon />
            <span>
              {t('details.export')}
              <small>{t('details.export.offline')}</small>
            </span>
          </span>
        ))}
    </>
  )
}

/** What every disk takes as a name. */
const fileName = (title: string): string =>
  title
    .replace(/[\\/:*?"<>|\p{Cc}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 80) || 'parley'
