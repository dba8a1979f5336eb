import { useEffect, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { type StorageUse, storageUse } from '../../platform/storage.ts'
import { StorageIcon } from '../../ui/icons.tsx'
import { StorageCare } from './storage-care.tsx'
import styles from './settings.module.css'

/** What this device holds: how much of the history, how many bytes, and whether the browser will keep it. */
export function StorageLine() {
  const { t, formats } = useLanguage()
  const { held, total, bytes, conversations, isComplete, paced } = useObservable(useAccount().history)
  const [use, setUse] = useState<StorageUse>()
  useEffect(() => {
    // A browser that will not say how much there is leaves the line without it.
    storageUse().then(setUse, () => undefined)
  }, [])
  return (
    <section aria-labelledby="storage-title">
      <h2 id="storage-title">{t('settings.storage')}</h2>
      <div className={`${styles.card} ${styles.device}`}>
        <StorageIcon />
        <div>
          <b>
            {isComplete
              ? t('settings.storage.complete', { count: held, size: formats.bytes(bytes) })
              : t('settings.storage.partial', {
                  have: formats.number(held),
                  total: formats.number(total),
                  size: formats.bytes(bytes),
                  complete: formats.number(conversations.complete),
                  conversations: formats.number(conversations.total),
                })}
          </b>
          {paced !== undefined && paced !== 'room' && (
            <p>{t(paced === 'metered' ? 'settings.storage.metered' : 'settings.storage.battery')}</p>
          )}
          {use !== undefined && (
            <p>
              {t('settings.storage.used', { size: formats.bytes(use.usedBytes) })}{' '}
              {t(use.isKept ? 'settings.storage.kept' : 'settings.storage.may-go')}
            </p>
          )}
          <StorageCare isKept={use?.isKept} onKept={() => use && setUse({ ...use, isKept: true })} />
        </div>
      </div>
    </section>
  )
}
