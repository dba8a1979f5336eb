import { lazy, Suspense, useState } from 'react'
import { useAccount, useServices } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { persistent } from '../../platform/persistent.ts'
import { StorageIcon } from '../../ui/icons.tsx'
import { Bar } from './bar.tsx'
import { storageTrouble, type Way } from './storage-words.ts'

const StartAnew = lazy(persistent(() => import('./start-anew.tsx')))
const MakeRoom = lazy(persistent(() => import('./make-room.tsx')))
const MishapBar = lazy(persistent(() => import('./mishap-bar.tsx')))

/** What the device cannot keep, has lost, or will soon have no room for, with the way out (C6). */
export function StorageBars() {
  const account = useAccount()
  const { disk, update } = useServices()
  const { t, formats } = useLanguage()
  const mishaps = useObservable(account.mishaps)
  const room = useObservable(account.room)
  const { paced } = useObservable(account.history)
  const trouble = storageTrouble(disk, useObservable(account.storage))
  const [asking, setAsking] = useState<Way>()
  const take = (way: Way): void => {
    if (way !== 'reload') setAsking(way)
    else if (update.get() === 'ready') update.apply()
    else location.reload()
  }
  const button = (way: Way) => (
    <button type="button" onClick={() => take(way)}>
      {t(`status.storage.${way}`)}
    </button>
  )
  const icon = <StorageIcon size={16} />
  return (
    <>
      {trouble !== undefined ? (
        <Bar look="danger" icon={icon} action={trouble.way && button(trouble.way)}>
          {t(trouble.words)}
        </Bar>
      ) : (
        room !== undefined &&
        paced === 'room' && (
          <Bar look="warning" icon={icon} action={button('make-room')}>
            {t('status.storage.short', { left: formats.bytes(room.leftBytes) })}
          </Bar>
        )
      )}
      <Suspense>
        {(mishaps.removed !== undefined || mishaps.aside > 0) && <MishapBar mishaps={mishaps} />}
      </Suspense>
      <Suspense>
        {asking === 'anew' && <StartAnew onClose={() => setAsking(undefined)} />}
        {asking === 'make-room' && <MakeRoom onClose={() => setAsking(undefined)} />}
      </Suspense>
    </>
  )
}
