import { useEffect } from 'react'
import { useLocation } from 'wouter'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { drew } from '../../platform/first-shown.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { OfflineIcon, PeopleIcon } from '../../ui/icons.tsx'

/** In the place of a conversation that this device does not know: a link has led here, or it is not here yet. */
export function Missing() {
  const account = useAccount()
  const { t } = useLanguage()
  const [, navigate] = useLocation()
  const list = useObservable(account.conversations)
  const { state } = useObservable(account.link)
  useEffect(() => drew('messages'), [])
  const back = <Button onClick={() => navigate('/')}>{t('conversation.missing.back')}</Button>
  if (list.state === 'known' && list.isComplete) {
    return (
      <Empty
        icon={<PeopleIcon size={26} />}
        title={t('conversation.missing.title')}
        body={t('conversation.missing.body')}
      >
        {back}
      </Empty>
    )
  }
  // Until the server has listed them, a conversation made on another device is only not here yet.
  if (state === 'offline' || state === 'waiting') {
    return (
      <Empty
        icon={<OfflineIcon size={26} />}
        title={t('conversation.away.title')}
        body={t('conversation.away.body')}
      >
        {back}
      </Empty>
    )
  }
  return (
    <p className="visually-hidden" role="status">
      {t('conversation.opening')}
    </p>
  )
}
