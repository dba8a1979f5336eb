import type { ConversationView } from '@parley/client'
import { can } from '@parley/protocol'
import { useEffect, useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { forgetShared, readShared, type Shared } from '../../platform/shared.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { FileIcon, ForwardIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Rows } from '../../ui/rows.tsx'
import { Screen } from '../../ui/screen.tsx'
import { useAllChosen } from '../compose/chosen-files.ts'
import { matches, titleOf } from '../inbox/titles.ts'
import { draftWith, sharedText } from './shared-text.ts'
import styles from './share.module.css'

type Reading = { readonly state: 'reading' | 'nothing' } | { readonly state: 'here'; readonly shared: Shared }

/** What another app has handed over, and where it shall go: into what is written there, to be sent by the person. */
export default function ShareScreen() {
  const { t } = useLanguage()
  const [, navigate] = useLocation()
  const hasFailed = new URLSearchParams(useSearch()).has('failed')
  const [reading, setReading] = useState<Reading>({ state: 'reading' })
  useEffect(() => {
    readShared().then(
      (shared) => setReading(shared === undefined ? { state: 'nothing' } : { state: 'here', shared }),
      () => setReading({ state: 'nothing' }),
    )
  }, [])
  const discard = (): void => {
    // What cannot be deleted is replaced by what is shared next.
    forgetShared().catch(() => undefined)
    navigate('/', { replace: true })
  }
  return (
    <Screen
      title={t('share.title')}
      actions={
        reading.state === 'here' && (
          <Button size="small" onClick={discard}>
            {t('share.discard')}
          </Button>
        )
      }
    >
      {hasFailed && <Notice look="danger">{t('share.failed')}</Notice>}
      {reading.state === 'here' && <Sharing shared={reading.shared} />}
      {reading.state === 'nothing' && !hasFailed && (
        <p className={styles.none} role="status">
          {t('share.nothing')}
        </p>
      )}
    </Screen>
  )
}

function Sharing({ shared }: { shared: Shared }) {
  const account = useAccount()
  const { t } = useLanguage()
  const [, navigate] = useLocation()
  const chosen = useAllChosen()
  const me = useObservable(account.me)
  const list = useObservable(account.conversations)
  const [query, setQuery] = useState('')
  const views = list.state === 'known' ? list.conversations : []
  const open = views.filter((view) => view.standing !== 'left' && can(me.id, { do: 'send' }, view))
  const shown = open.filter((view) => matches(titleOf(view, t), query))
  const text = sharedText(shared)

  const take = ({ id }: ConversationView): void => {
    account.setDraft(id, draftWith(account.draft(id).get(), text))
    chosen.add(
      id,
      shared.files.map((file) => ({ name: file.name, mediaType: file.type, bytes: file })),
    )
    forgetShared().catch(() => undefined)
    navigate(`/c/${id}`, { replace: true })
  }
  return (
    <>
      <section className={styles.shared} aria-label={t('share.what')}>
        {text !== '' && (
          <p className={styles.text} dir="auto">
            {text}
          </p>
        )}
        {shared.files.length > 0 && <Files files={shared.files} />}
      </section>
      <section className={styles.where} aria-label={t('share.where')}>
        <p className={styles.lead}>{t('share.lead')}</p>
        <SearchField
          label={t('share.filter')}
          placeholder={t('inbox.filter')}
          autoFocus
          value={query}
          onChange={setQuery}
        />
        {shown.length === 0 && list.state === 'known' && (
          <p className={styles.none} role="status">
            {query.trim() === '' ? t('share.none') : t('inbox.filter.none', { query })}
          </p>
        )}
        <Rows>
          {shown.map((view) => (
            <li key={view.id}>
              <button type="button" className={styles.row} onClick={() => take(view)}>
                <Avatar
                  id={view.other ?? view.id}
                  name={titleOf(view, t)}
                  shape={view.other === undefined ? 'group' : 'person'}
                  size="small"
                />
                <bdi>{titleOf(view, t)}</bdi>
                <ForwardIcon size={16} />
              </button>
            </li>
          ))}
        </Rows>
      </section>
    </>
  )
}

function Files({ files }: { files: readonly File[] }) {
  const { t, formats } = useLanguage()
  return (
    <ul className={styles.files} aria-label={t('compose.files')}>
      {files.map((file, index) => (
        // Two files may have the same name, and none of them moves.
        <li key={index}>
          <FileIcon size={18} />
          <bdi>{file.name}</bdi>
          <span>{formats.bytes(file.size)}</span>
        </li>
      ))}
    </ul>
  )
}
