import type { rest } from '@parley/protocol'
import { useRef, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import type { PlainKey } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { DeviceIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { changeError } from './change-error.ts'
import { deviceName } from './device-name.ts'
import { ListNotice } from './list-notice.tsx'
import { Section } from './section.tsx'
import { useListed } from './use-listed.ts'
import parts from './parts.module.css'

/** Where the person is signed in, this device first, and a way to end the others, one by one or all at once. */
export function Devices() {
  const { api } = useAccount()
  const { t } = useLanguage()
  const list = useRef<HTMLUListElement>(null)
  const { state, items, load } = useListed(api.sessions)
  const [error, setError] = useState<PlainKey>()
  const [asking, setAsking] = useState<'asking' | 'busy'>()
  const end = async (ids: readonly string[]): Promise<void> => {
    setError(undefined)
    for (const id of ids) {
      const answer = await api.endSession(id)
      // One that is gone already is as it was wanted.
      if (!answer.ok && answer.code !== 'not_found') {
        setError(changeError(answer, navigator.onLine))
        break
      }
    }
    setAsking(undefined)
    await load()
    // The button that was pressed has gone with its device.
    list.current?.focus()
  }
  const others = (items ?? []).filter(({ current }) => !current)
  return (
    <Section title={t('settings.devices')} lead={t('settings.devices.lead')}>
      {error !== undefined && <Notice look="danger">{t(error)}</Notice>}
      {state !== 'listed' && (
        <ListNotice state={state} words={t('settings.devices.failed')} onRetry={() => void load()} />
      )}
      {items !== undefined && (
        <ul ref={list} tabIndex={-1} className={parts.card} aria-label={t('settings.devices')}>
          {items
            .toSorted((a, b) => Number(b.current) - Number(a.current) || b.createdAt - a.createdAt)
            .map((session) => (
              <Device key={session.id} session={session} onEnd={() => void end([session.id])} />
            ))}
        </ul>
      )}
      {others.length > 1 && (
        <div className={parts.actions}>
          <Button onClick={() => setAsking('asking')}>{t('settings.devices.others')}</Button>
        </div>
      )}
      <Dialog
        isOpen={asking !== undefined}
        isQuestion
        onClose={() => setAsking(undefined)}
        title={t('settings.devices.others.title')}
        lead={t('settings.devices.others.body', { count: others.length })}
        actions={
          <>
            <Button onClick={() => setAsking(undefined)}>{t('common.cancel')}</Button>
            <Button
              look="danger"
              isBusy={asking === 'busy'}
              onClick={() => {
                setAsking('busy')
                void end(others.map(({ id }) => id))
              }}
            >
              {t('settings.devices.others.confirm')}
            </Button>
          </>
        }
      />
    </Section>
  )
}

function Device({ session, onEnd }: { session: rest.Session; onEnd: () => void }) {
  const { t, formats } = useLanguage()
  const known = deviceName(session.userAgent ?? '')
  const name = known === undefined ? t('settings.devices.unknown') : t('settings.devices.named', { ...known })
  return (
    <li className={parts.line}>
      <DeviceIcon />
      <div>
        <b>{name}</b>
        <p title={formats.full(session.createdAt)}>
          {session.current
            ? t('settings.devices.current')
            : t('settings.devices.since', { when: formats.relative(session.createdAt, Date.now()) })}
        </p>
      </div>
      {!session.current && (
        <Button size="small" aria-label={t('settings.devices.sign-out.label', { name })} onClick={onEnd}>
          {t('settings.devices.sign-out')}
        </Button>
      )}
    </li>
  )
}
