import { useEffect, useRef, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { saveBlob, saveFile } from '../../platform/save-file.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { DownloadIcon, PersonIcon } from './icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { titleOf } from '../inbox/titles.ts'
import { exportAll, freeName, profileOf } from './export-all.ts'
import { Section } from './section.tsx'
import { tar } from './tar.ts'
import parts from './parts.module.css'

type Progress =
  | { readonly state: 'idle' | 'failed' | 'done' }
  | { readonly state: 'running'; readonly done: number }

/** One's own data, to take along: everything in one file, or one conversation at a time. */
export function Export() {
  const account = useAccount()
  const { t, formats } = useLanguage()
  const { username } = useObservable(account.me)
  const link = useObservable(account.link)
  const list = useObservable(account.conversations)
  const stop = useRef<AbortController>(undefined)
  const [progress, setProgress] = useState<Progress>({ state: 'idle' })
  useEffect(() => () => stop.current?.abort(), [])
  const conversations = (list.state === 'known' ? list.conversations : [])
    .filter(({ standing }) => standing === 'member')
    .map((view) => ({ view, title: titleOf(view, t) }))
  const isThere = link.state === 'live'
  const saveAll = async (): Promise<void> => {
    const giving = new AbortController()
    stop.current = giving
    const advance = (done: number): void => setProgress({ state: 'running', done })
    try {
      const entries = await exportAll(account, conversations, advance, giving.signal)
      const now = Date.now()
      saveBlob(`parley-${username}-${new Date(now).toISOString().slice(0, 10)}.tar`, tar(entries, now))
      setProgress({ state: 'done' })
    } catch {
      // Given up by the person, or by the network; in both cases nothing was saved.
      setProgress({ state: giving.signal.aborted ? 'idle' : 'failed' })
    }
  }
  return (
    <Section title={t('settings.export')} lead={t('settings.export.lead')}>
      {!isThere && <Notice look="quiet">{t('settings.export.offline')}</Notice>}
      {progress.state === 'failed' && <Notice look="danger">{t('settings.export.failed')}</Notice>}
      <div className={parts.card}>
        <div className={parts.line}>
          <DownloadIcon />
          <div>
            <b>{t('settings.export.all')}</b>
            <p role="status">
              {progress.state === 'running'
                ? t('settings.export.running', {
                    done: formats.number(progress.done),
                    total: formats.number(conversations.length),
                  })
                : t(progress.state === 'done' ? 'settings.export.done' : 'settings.export.all.hint')}
            </p>
          </div>
          {progress.state === 'running' ? (
            <Button size="small" onClick={() => stop.current?.abort()}>
              {t('common.cancel')}
            </Button>
          ) : (
            <Button size="small" look="primary" disabled={!isThere} onClick={() => void saveAll()}>
              {t('settings.export.save')}
            </Button>
          )}
        </div>
        <div className={parts.line}>
          <PersonIcon />
          <div>
            <b>{t('settings.export.profile')}</b>
            <p>{t('settings.export.profile.hint')}</p>
          </div>
          <Button
            size="small"
            aria-label={t('settings.export.profile.save')}
            onClick={() => saveFile(`parley-${username}.json`, profileOf(account))}
          >
            {t('settings.export.save')}
          </Button>
        </div>
      </div>
      {conversations.length > 0 && (
        <Section title={t('settings.export.one')} level={3}>
          <ul className={parts.card}>
            {conversations.map(({ view, title }) => (
              <li key={view.id} className={parts.line}>
                <Avatar
                  id={view.other ?? view.id}
                  name={title}
                  shape={view.other === undefined ? 'group' : 'person'}
                  size="small"
                />
                <div>
                  <b dir="auto">{title}</b>
                </div>
                {isThere && (
                  <a
                    className={parts.way}
                    href={account.api.exportUrl(view.id)}
                    download={`${freeName(title, new Set())}.jsonl`}
                    aria-label={t('settings.export.one.save', { title })}
                  >
                    <DownloadIcon size={18} />
                  </a>
                )}
              </li>
            ))}
          </ul>
        </Section>
      )}
    </Section>
  )
}
