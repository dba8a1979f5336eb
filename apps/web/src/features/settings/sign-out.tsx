import { useState } from 'react'
import { useLocation } from 'wouter'
import { useServices } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { forgetPictures } from '../../platform/kept-pictures.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section } from './section.tsx'
import styles from './leaving.module.css'

type Asking = { readonly unsent: number; readonly isBusy: boolean }

/** Signing out wipes the device, so it asks; what would be lost for good is said in numbers. */
export function SignOut() {
  const { client } = useServices()
  const { t } = useLanguage()
  const [, navigate] = useLocation()
  const [asking, setAsking] = useState<Asking>()
  const signOut = async (): Promise<void> => {
    if (asking === undefined) return
    setAsking({ ...asking, isBusy: true })
    // Only what the person has been told of is thrown away: more may have come since they were asked.
    const answer = await client.signOut({ discardUnsent: asking.unsent > 0 })
    if (answer.done) {
      await forgetPictures()
      navigate('/sign-in', { replace: true })
    } else setAsking({ unsent: answer.unsent, isBusy: false })
  }
  return (
    <Section title={t('settings.sign-out')} level={3}>
      <div className={styles.leave}>
        <p>{t('settings.sign-out.lead')}</p>
        <Button onClick={() => setAsking({ unsent: 0, isBusy: false })}>{t('settings.sign-out')}</Button>
      </div>
      <Dialog
        isOpen={asking !== undefined}
        isQuestion
        onClose={() => setAsking(undefined)}
        title={t('settings.sign-out.title')}
        lead={t('settings.sign-out.body')}
        actions={
          <>
            <Button onClick={() => setAsking(undefined)}>{t('common.cancel')}</Button>
            <Button look="danger" isBusy={asking?.isBusy ?? false} onClick={() => void signOut()}>
              {t('settings.sign-out.confirm')}
            </Button>
          </>
        }
      >
        {asking !== undefined && asking.unsent > 0 && (
          <Notice look="danger">{t('settings.sign-out.unsent', { count: asking.unsent })}</Notice>
        )}
      </Dialog>
    </Section>
  )
}
