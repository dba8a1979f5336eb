import { useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { AlertIcon } from '../../ui/icons.tsx'
import { SignInForm } from '../session/sign-in-form.tsx'
import { Bar } from './bar.tsx'

/** Signed out from elsewhere: everything stays here, and signing in again goes on with it. */
export default function Expired() {
  const { t } = useLanguage()
  const me = useObservable(useAccount().me)
  const [isAsking, setIsAsking] = useState(false)
  return (
    <>
      <Bar
        look="warning"
        icon={<AlertIcon size={16} />}
        action={
          <button type="button" onClick={() => setIsAsking(true)}>
            {t('session.sign-in.submit')}
          </button>
        }
      >
        {t('session.ended')}
      </Bar>
      <Dialog isOpen={isAsking} onClose={() => setIsAsking(false)} title={t('session.sign-in.title')}>
        <SignInForm knownLogin={me.username} onSignedIn={() => setIsAsking(false)} />
      </Dialog>
    </>
  )
}
