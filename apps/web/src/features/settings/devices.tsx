import type { rest } from '@parley/protocol'
import { useCallback, useEffect, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { Button } from '../../ui/button.tsx'
import { DeviceIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { deviceName } from './device-name.ts'
import styles from './settings.module.css'

type Listed =
  | { readonly state: 'loading' | 'failed' }
  | { readonly state: 'listed'; readonly sessions: readonly rest.Session[] }

/** Where the person is signed in, this device first, and a way to end the others. */
export function Devices() {
  const { api } = useAccount()
  const { t } = useLanguage()
  const [listed, setListed] = useState<Listed>({ state: 'loading' })
  const load = useCallback(async () => {
    const answer = await api.sessions()
    setListed(answer.ok ? { state: 'listed', sessions: answer.value } : { state: 'failed' })
  }, [api])
  useEffect(() => void load(), [load])
  const end = async (id: string): Promise<void> => {
    await api.endSession(id)
    await load()
  }
  return (
    <section aria-labelledby="devices-title">
      <h2 id="devices-title">{t('settings.devices')}</h2>
      <p className={styles.lead}>{t('settings.devices.lead')}</p>
      {listed.state === 'failed' && (
        <Notice
          look="quiet"
          action={
            <Button size="small" onClick={() => void load()}>
              {t('common.retry')}
            </Button>
          }
        >
          {t('settings.devices.failed')}
        </Notice>
      )}
      {listed.state === 'listed' && (
        <ul className={styles.card}>
          {listed.sessions
            .toSorted((a, b) => Number(b.current) - Number(a.current) || b.createdAt - a.createdAt)
            .map((session) => (
              <Device key={session.id} session={session} onEnd={() => void end(session.id)} />
            ))}
        </ul>
      )}
    </section>
  )
}

function Device({ session, onEnd }: { session: rest.Session; onEnd: () => void }) {
  const { t, formats } = useLanguage()
  const known = deviceName(session.userAgent ?? '')
  const name = known === undefined ? t('settings.devices.unknown') : t('settings.devices.named', { ...known })
  return (
    <li className={styles.device}>
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
