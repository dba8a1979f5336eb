import { lazy, Suspense, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { persistent } from '../../platform/persistent.ts'
import { askToKeep } from '../../platform/storage.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import styles from './storage.module.css'

const MakeRoom = lazy(persistent(() => import('../status/make-room.tsx')))

interface StorageCareProps {
  /** Undefined: the browser does not say. */
  readonly isKept: boolean | undefined
  readonly onKept: () => void
}

/** Whether what the device holds is sound, safe and not too much; and what can be done where it is not. */
export function StorageCare({ isKept, onKept }: StorageCareProps) {
  const account = useAccount()
  const { t, formats } = useLanguage()
  const audit = useObservable(account.audit)
  const room = useObservable(account.room)
  const isThinned = useObservable(account.isThinned)
  const [isRefused, setIsRefused] = useState(false)
  const [hasFailed, setHasFailed] = useState(false)
  const [isMakingRoom, setIsMakingRoom] = useState(false)
  const ask = async (): Promise<void> => {
    if (await askToKeep()) onKept()
    else setIsRefused(true)
  }
  const restore = async (): Promise<void> => setHasFailed(!(await account.restore()))
  return (
    <>
      {audit !== undefined && (
        <p>
          {audit.damaged === 0
            ? t('settings.storage.checked', { when: formats.relative(audit.at, Date.now()) })
            : t('settings.storage.repaired', {
                when: formats.relative(audit.at, Date.now()),
                count: audit.damaged,
              })}
        </p>
      )}
      {room !== undefined && (
        <p>
          {t('settings.storage.short', {
            left: formats.bytes(room.leftBytes),
            total: formats.bytes(room.totalBytes),
          })}
        </p>
      )}
      {isThinned && <p>{t('settings.storage.thinned')}</p>}
      {isRefused && <p role="status">{t('settings.storage.refused')}</p>}
      {hasFailed && <Notice look="danger">{t('settings.storage.restore.failed')}</Notice>}
      <div className={styles.ways}>
        {isKept === false && !isRefused && (
          <Button size="small" onClick={() => void ask()}>
            {t('settings.storage.ask')}
          </Button>
        )}
        <Button size="small" onClick={() => setIsMakingRoom(true)}>
          {t('settings.storage.make-room')}
        </Button>
        {isThinned && (
          <Button size="small" onClick={() => void restore()}>
            {t('settings.storage.restore')}
          </Button>
        )}
      </div>
      <Suspense>{isMakingRoom && <MakeRoom onClose={() => setIsMakingRoom(false)} />}</Suspense>
    </>
  )
}
