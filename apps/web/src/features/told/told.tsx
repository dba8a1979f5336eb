import type { FatedCommand } from '@parley/client'
import { useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { useAccount, useServices } from '../../context.tsx'
import { useSpeaking } from '../../i18n/language.tsx'
import { shippedLanguage } from '../../i18n/languages.ts'
import { useObservable } from '../../observe.ts'
import { askToInstall, dismissInstall, install, isTimeToInstall } from '../../platform/install.ts'
import { listenTo } from '../../platform/listen.ts'
import {
  answered,
  forgetTelling,
  keepAnswer,
  resumeTelling,
  toldDevice,
  turnOn,
} from '../../platform/told-device.ts'
import { keepToldBy, toldWords } from '../../platform/told-words.ts'
import type { ToldOpen } from '../../told-worker.ts'
import { BellIcon, DeviceIcon } from '../../ui/icons.tsx'
import { Bar } from '../status/bar.tsx'
import { tellNews } from './teller.ts'

/** Being told of what happens: asked for when it makes sense, and done while the app is open. */
export default function Told() {
  const account = useAccount()
  const { client } = useServices()
  const { locale } = useSpeaking()
  const { id } = useObservable(account.me)
  const [, navigate] = useLocation()
  useEffect(() => {
    void resumeTelling(account.api)
  }, [account])
  useEffect(() => tellNews(account), [account])
  useEffect(
    () =>
      client.session.subscribe(() => {
        if (client.session.get().state !== 'signed-out') return
        // What a browser does not let go of, the server does not use any more: the session has ended.
        Promise.all([forgetTelling(), keepToldBy(undefined)]).catch(() => undefined)
      }),
    [client],
  )
  useEffect(() => {
    void shippedLanguage(locale)
      .then(({ catalogue }) => keepToldBy({ user: id, locale, words: toldWords(catalogue) }))
      // Without a store notifications speak English.
      .catch(() => undefined)
  }, [id, locale])
  useEffect(() => {
    if (!('serviceWorker' in navigator)) return
    return listenTo(navigator.serviceWorker, ['message'], (event) => {
      const { open } = ((event as MessageEvent).data ?? {}) as Partial<ToldOpen>
      if (open !== undefined) navigate(open)
    })
  }, [navigate])
  return <Offers />
}

/** At most one at a time. */
function Offers() {
  const device = useObservable(toldDevice)
  const isTalking = useIsTalking()
  const [isAnswered, setIsAnswered] = useState(() => answered() !== undefined)
  if (isTalking && !isAnswered && (device.state === 'off' || device.state === 'working'))
    return <AskToTell onAnswered={() => setIsAnswered(true)} />
  return <OfferInstall />
}

function AskToTell({ onAnswered }: { onAnswered: () => void }) {
  const { api } = useAccount()
  const { t } = useSpeaking()
  const yes = (): void => {
    void turnOn(api).then(onAnswered)
  }
  const notNow = (): void => {
    keepAnswer('not-now')
    onAnswered()
  }
  return (
    <Bar
      look="accent"
      icon={<BellIcon size={16} />}
      action={
        <>
          <button type="button" onClick={yes}>
            {t('told.ask.yes')}
          </button>
          <button type="button" onClick={notNow}>
            {t('told.ask.not-now')}
          </button>
        </>
      }
    >
      {t('told.ask')}
    </Bar>
  )
}

function OfferInstall() {
  const { t } = useSpeaking()
  const state = useObservable(install)
  const [isDone, setIsDone] = useState(() => !isTimeToInstall())
  if (isDone || state !== 'offered') return null
  const end = (): void => {
    dismissInstall()
    setIsDone(true)
  }
  return (
    <Bar
      look="accent"
      icon={<DeviceIcon size={16} />}
      action={
        <>
          <button type="button" onClick={() => void askToInstall().then(end)}>
            {t('told.install.ask.yes')}
          </button>
          <button type="button" onClick={end}>
            {t('told.ask.not-now')}
          </button>
        </>
      }
    >
      {t('told.install.ask')}
    </Bar>
  )
}

/** Whether the person has said something here, or has been written to: then an answer is worth waiting for. */
function useIsTalking(): boolean {
  const account = useAccount()
  const list = useObservable(account.conversations)
  const hasSaid = useObservable(account.commands).some(isMessage)
  const [wasTalking, setWasTalking] = useState(false)
  const isTalking =
    hasSaid ||
    (list.state === 'known' &&
      list.conversations.some(
        ({ kind, lastLine }) =>
          kind === 'direct' || lastLine?.state === 'pending' || lastLine?.event.type === 'message',
      ))
  if (isTalking && !wasTalking) setWasTalking(true)
  return wasTalking
}

const isMessage = ({ command }: FatedCommand): boolean => command?.type === 'message.send'
