import { type FormEvent, useId, useState } from 'react'
import { useLocation } from 'wouter'
import { useAccount, useServices } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import type { PlainKey } from '../../i18n/translate.ts'
import { useObservable } from '../../observe.ts'
import { forgetPictures } from '../../platform/kept-pictures.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { changeError } from './change-error.ts'
import { Section } from './section.tsx'
import styles from './leaving.module.css'

/** At once and for good: what goes and what stays is said, and the own username is typed. */
export function DeleteAccount() {
  const { t } = useLanguage()
  const [isAsking, setIsAsking] = useState(false)
  return (
    <Section title={t('settings.delete')} level={3}>
      <div className={styles.leave}>
        <p>{t('settings.delete.lead')}</p>
        <Button className={styles.dangerous ?? ''} onClick={() => setIsAsking(true)}>
          {t('settings.delete.open')}
        </Button>
      </div>
      {isAsking && <Question onClose={() => setIsAsking(false)} />}
    </Section>
  )
}

function Question({ onClose }: { onClose: () => void }) {
  const account = useAccount()
  const { client } = useServices()
  const { t } = useLanguage()
  const [, navigate] = useLocation()
  const form = useId()
  const { username } = useObservable(account.me)
  const [typed, setTyped] = useState('')
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<PlainKey>()
  const isSure = typed.trim().replace(/^@/, '').toLowerCase() === username
  const confirm = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!isSure) return setError('settings.delete.mismatch')
    setIsBusy(true)
    const answer = await account.api.deleteMe()
    if (!answer.ok) {
      setIsBusy(false)
      return setError(changeError(answer, navigator.onLine))
    }
    // What has not been sent has nobody left to be from.
    await client.signOut({ discardUnsent: true })
    await forgetPictures()
    navigate('/sign-up', { replace: true })
  }
  return (
    <Dialog
      isOpen
      isQuestion
      onClose={onClose}
      title={t('settings.delete.title')}
      lead={t('settings.delete.body')}
      actions={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" form={form} look="danger" isBusy={isBusy}>
            {t('settings.delete.confirm')}
          </Button>
        </>
      }
    >
      <div className={styles.fate}>
        <b>{t('settings.delete.goes')}</b>
        <ul>
          <li>{t('settings.delete.goes.1')}</li>
          <li>{t('settings.delete.goes.2')}</li>
          <li>{t('settings.delete.goes.3')}</li>
        </ul>
        <b>{t('settings.delete.stays')}</b>
        <ul>
          <li>{t('settings.delete.stays.1')}</li>
          <li>{t('settings.delete.stays.2')}</li>
        </ul>
      </div>
      <form id={form} noValidate onSubmit={(event) => void confirm(event)}>
        <Field
          label={t('settings.delete.type', { username })}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          dir="ltr"
          autoFocus
          value={typed}
          error={error && t(error)}
          onChange={({ target }) => {
            setTyped(target.value)
            setError(undefined)
          }}
        />
      </form>
      {isSure && <Notice look="warning">{t('settings.delete.export')}</Notice>}
    </Dialog>
  )
}
