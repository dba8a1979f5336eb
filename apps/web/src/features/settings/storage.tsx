import { useEffect, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { type StorageUse, storageUse } from '../../platform/storage.ts'
import { StorageIcon } from '../../ui/icons.tsx'
import { Section } from './section.tsx'
import { StorageCare } from './storage-care.tsx'
import parts from './parts.module.css'
import styles from './storage.module.css'

/** What this device holds: how much of the history, how many bytes, and whether the browser will keep it. */
export function Storage() {
  const { t, formats } = useLanguage()
  const { held, total, bytes, conversations, isComplete, paced } = useObservable(useAccount().history)
  const [use, setUse] = useState<StorageUse>()
  useEffect(() => {
    // A browser that will not say how much there is leaves the line without it.
    storageUse().then(setUse, () => undefined)
  }, [])
  const words = isComplete
    ? t('settings.storage.complete', { count: held, size: formats.bytes(bytes) })
    : t('settings.storage.partial', {
        have: formats.number(held),
        total: formats.number(total),
        size: formats.bytes(bytes),
        complete: formats.number(conversations.complete),
        conversations: formats.number(conversations.total),
      })
  return (
    <Section title={t('settings.storage')} lead={t('settings.storage.lead')}>
      <div className={parts.card}>
        <div className={parts.padded}>
          <div className={styles.summary}>
            <StorageIcon />
            <b>{words}</b>
          </div>
          <progress
            className={styles.bar}
            aria-label={t('settings.storage.bar')}
            max={Math.max(total, held, 1)}
            value={isComplete ? Math.max(total, held, 1) : held}
          />
          <dl className={styles.numbers}>
            <Fact label={t('settings.storage.messages')} value={formats.number(held)} />
            <Fact
              label={t('settings.storage.conversations')}
              value={t('settings.storage.of', {
                have: formats.number(conversations.complete),
                total: formats.number(conversations.total),
              })}
            />
            <Fact label={t('settings.storage.size')} value={formats.bytes(bytes)} />
            {use !== undefined && (
              <Fact label={t('settings.storage.browser')} value={formats.bytes(use.usedBytes)} />
            )}
          </dl>
        </div>
        <div className={styles.care}>
          {paced !== undefined && paced !== 'room' && (
            <p>{t(paced === 'metered' ? 'settings.storage.metered' : 'settings.storage.battery')}</p>
          )}
          {use !== undefined && <p>{t(use.isKept ? 'settings.storage.kept' : 'settings.storage.may-go')}</p>}
          <StorageCare isKept={use?.isKept} onKept={() => use && setUse({ ...use, isKept: true })} />
        </div>
      </div>
    </Section>
  )
}

const Fact = ({ label, value }: { label: string; value: string }) => (
  <div>
    <dt>{label}</dt>
    <dd>{value}</dd>
  </div>
)
