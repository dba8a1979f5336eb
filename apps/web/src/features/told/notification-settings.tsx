import { type Kind, notificationLevel, notificationShows, usualLevel } from '@parley/protocol'
import { type ReactNode, useId, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { askToInstall, install } from '../../platform/install.ts'
import { showTest, toldDevice, turnOff, turnOn } from '../../platform/told-device.ts'
import { Button } from '../../ui/button.tsx'
import { Segments } from '../../ui/segments.tsx'
import { deviceWords } from './device-words.ts'
import styles from './told.module.css'

/** Whether and how the person is told: on this device, and of what on all of theirs. */
export function NotificationSettings() {
  return (
    <>
      <OnThisDevice />
      <Shows />
      <Usual />
      <Install />
    </>
  )
}

interface PartProps {
  readonly title: string
  readonly lead?: string
  readonly children: (titleId: string) => ReactNode
}

function Part({ title, lead, children }: PartProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className={styles.part}>
      <h3 id={id}>{title}</h3>
      {lead !== undefined && <p className={styles.lead}>{lead}</p>}
      {children(id)}
    </section>
  )
}

function OnThisDevice() {
  const { api } = useAccount()
  const { t } = useLanguage()
  const device = useObservable(toldDevice)
  const [tested, setTested] = useState<boolean>()
  const isOn = device.state === 'on'
  const mayTurn = isOn || device.state === 'off' || device.state === 'working'
  const turn = (): void => {
    setTested(undefined)
    void (isOn ? turnOff(api) : turnOn(api))
  }
  const test = async (): Promise<void> => setTested(await showTest(t('told.test.title'), t('told.test.body')))
  return (
    <Part title={t('told.device')} lead={t('told.device.lead')}>
      {() => (
        <div className={styles.card}>
          <p role="status">{t(deviceWords(device))}</p>
          {mayTurn && (
            <div className={styles.ways}>
              {/* One control that changes its word: the keyboard keeps its place. */}
              <Button look={isOn ? 'plain' : 'primary'} isBusy={device.state === 'working'} onClick={turn}>
                {t(isOn ? 'told.device.turn-off' : 'told.device.turn-on')}
              </Button>
              {isOn && device.push !== 'on' && (
                <Button onClick={() => void turnOn(api)}>{t('told.device.try-again')}</Button>
              )}
              {isOn && <Button onClick={() => void test()}>{t('told.test')}</Button>}
            </div>
          )}
          {tested !== undefined && <p role="status">{t(tested ? 'told.test.shown' : 'told.test.failed')}</p>}
        </div>
      )}
    </Part>
  )
}

function Shows() {
  const account = useAccount()
  const { t } = useLanguage()
  const { shows } = useObservable(account.preferences)
  return (
    <Part title={t('told.shows')} lead={t('told.shows.lead')}>
      {(titleId) => (
        <Segments
          labelledBy={titleId}
          options={notificationShows.options}
          chosen={shows}
          wordsOf={(each) => t(`told.shows.${each}`)}
          onChoose={account.setNotificationShows}
        />
      )}
    </Part>
  )
}

const KINDS: readonly Kind[] = ['direct', 'group', 'channel']

function Usual() {
  const account = useAccount()
  const { t } = useLanguage()
  const preferences = useObservable(account.preferences)
  return (
    <Part title={t('told.usual')} lead={t('told.usual.lead')}>
      {() => (
        <div className={styles.card}>
          {KINDS.map((kind) => (
            <label key={kind} className={styles.line}>
              <span>{t(`told.kind.${kind}`)}</span>
              <select
                value={usualLevel(preferences, kind)}
                onChange={({ target }) => account.setUsualLevel(kind, notificationLevel.parse(target.value))}
              >
                {notificationLevel.options.map((level) => (
                  <option key={level} value={level}>
                    {t(`told.level.${level}`)}
                  </option>
                ))}
              </select>
            </label>
          ))}
        </div>
      )}
    </Part>
  )
}

function Install() {
  const { t } = useLanguage()
  const state = useObservable(install)
  return (
    <Part title={t('told.install')} lead={t('told.install.lead')}>
      {() => (
        <div className={styles.card}>
          {state === 'offered' ? (
            <div className={styles.ways}>
              <Button onClick={() => void askToInstall()}>{t('told.install.do')}</Button>
            </div>
          ) : (
            <p role="status">
              {t(
                state === 'installed'
                  ? 'told.install.done'
                  : state === 'by-hand'
                    ? 'told.install.ios'
                    : 'told.install.browser',
              )}
            </p>
          )}
        </div>
      )}
    </Part>
  )
}
