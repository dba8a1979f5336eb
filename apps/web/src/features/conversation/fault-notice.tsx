import { type ConversationView, type Loss, sendableOf } from '@parley/client'
import { lazy, Suspense, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { persistent } from '../../platform/persistent.ts'
import { saveFile } from '../../platform/save-file.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import styles from './conversation.module.css'

const LostMessages = lazy(persistent(() => import('./lost-messages.tsx')))

interface FaultNoticeProps {
  readonly view: ConversationView
  readonly loss: Loss | undefined
}

/** Where the server's history and the device's are not the same (L7): what has happened, and what can be done. */
export default function FaultNotice({ view, loss }: FaultNoticeProps) {
  const { t } = useLanguage()
  return (
    <div className={styles.faults}>
      {view.fault !== undefined && <Fault view={view} fault={view.fault} />}
      {view.isLost && <Notice look="warning">{t('loss.conversation')}</Notice>}
      {loss !== undefined && <Lost loss={loss} />}
    </div>
  )
}

type Fault = NonNullable<ConversationView['fault']>

function Fault({ view, fault }: { view: ConversationView; fault: Fault }) {
  const account = useAccount()
  const { t } = useLanguage()
  const [isBusy, setIsBusy] = useState(false)
  const [hasFailed, setHasFailed] = useState(false)
  const takeServers = async (): Promise<void> => {
    setIsBusy(true)
    setHasFailed(!(await account.takeServersLog(view.id)))
    setIsBusy(false)
  }
  const saveBoth = async (): Promise<void> => {
    const both = await account.contested(view.id)
    setHasFailed(!both.ok)
    if (both.ok) saveFile(`${view.id} from ${both.value.from}.json`, both.value)
  }
  switch (fault.fault) {
    case 'altered':
      return (
        <Notice
          look="danger"
          action={
            <div className={styles.ways}>
              <Button size="small" onClick={() => void saveBoth()}>
                {t('fault.save-both')}
              </Button>
              <Button size="small" isBusy={isBusy} onClick={() => void takeServers()}>
                {t('fault.take-servers')}
              </Button>
            </div>
          }
        >
          {t(fault.isChained ? 'fault.altered' : 'fault.broken')}
          {hasFailed && ` ${t('fault.unavailable')}`}
        </Notice>
      )
    case 'unreadable':
      return (
        <Notice
          look="danger"
          action={
            <Button size="small" isBusy={isBusy} onClick={() => void takeServers()}>
              {t('fault.take-again')}
            </Button>
          }
        >
          {t('fault.unreadable')}
          {hasFailed && ` ${t('fault.unavailable')}`}
        </Notice>
      )
    case 'gap':
    case 'hash':
    case 'time':
      // The server is being asked.
      return <Notice look="quiet">{t('fault.comparing')}</Notice>
  }
}

function Lost({ loss }: { loss: Loss }) {
  const account = useAccount()
  const { t } = useLanguage()
  const me = useObservable(account.me)
  const given = new Set(useObservable(account.commands).map(({ id }) => id))
  const [isShown, setIsShown] = useState(false)
  const messages = loss.missing.filter(({ type }) => type === 'message')
  const mine = messages.filter(({ author }) => author === me.id).length
  const isSendable = sendableOf(loss, me.id).some(({ id }) => !given.has(id))
  const words = [
    loss.missing.length > 0 && messages.length === 0 && t('loss.changes'),
    messages.length > 0 && t('loss.missing', { count: messages.length }),
    mine > 0 && t('loss.missing.mine', { count: mine }),
    loss.altered.length > 0 && t('loss.altered', { count: loss.altered.length }),
  ]
  return (
    <>
      <Notice
        look="warning"
        action={
          <div className={styles.ways}>
            {isSendable && (
              <Button size="small" onClick={() => void account.sendAgain(loss.conversation)}>
                {t('loss.send-mine')}
              </Button>
            )}
            <Button size="small" look="quiet" onClick={() => setIsShown(true)}>
              {t('loss.show')}
            </Button>
            <Button size="small" look="quiet" onClick={() => void account.dismissLoss(loss.conversation)}>
              {t('loss.dismiss')}
            </Button>
          </div>
        }
      >
        {words.filter((each) => each !== false).join(' ')}
      </Notice>
      <Suspense>{isShown && <LostMessages loss={loss} onClose={() => setIsShown(false)} />}</Suspense>
    </>
  )
}
