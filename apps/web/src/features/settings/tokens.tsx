import { rest } from '@parley/protocol'
import { type FormEvent, useRef, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import type { PlainKey } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { CodeIcon } from './icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { changeError } from './change-error.ts'
import { ListNotice } from './list-notice.tsx'
import { NewToken } from './new-token.tsx'
import { Section } from './section.tsx'
import { useListed } from './use-listed.ts'
import parts from './parts.module.css'
import styles from './tokens.module.css'

/** Programs that may act as the person; each has a secret of its own, which is shown once. */
export function Tokens() {
  const { api } = useAccount()
  const { t, formats } = useLanguage()
  const input = useRef<HTMLInputElement>(null)
  const { state, items = [], load } = useListed(api.tokens)
  const [name, setName] = useState('')
  const [error, setError] = useState<PlainKey>()
  const [failure, setFailure] = useState<PlainKey>()
  const [isBusy, setIsBusy] = useState(false)
  const [made, setMade] = useState<rest.CreatedToken>()
  const [ending, setEnding] = useState<rest.Token>()
  const make = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setFailure(undefined)
    const wanted = rest.createToken.safeParse({ name: name.trim() })
    if (!wanted.success) {
      setError(name.trim() === '' ? 'session.error.required' : 'session.error.name')
      return input.current?.focus()
    }
    setIsBusy(true)
    const answer = await api.createToken(wanted.data.name)
    setIsBusy(false)
    if (!answer.ok) return setFailure(changeError(answer, navigator.onLine))
    setName('')
    setMade(answer.value)
    await load()
  }
  const end = async ({ id }: rest.Token): Promise<void> => {
    const answer = await api.deleteToken(id)
    setEnding(undefined)
    setFailure(answer.ok || answer.code === 'not_found' ? undefined : changeError(answer, navigator.onLine))
    await load()
    input.current?.focus()
  }
  return (
    <Section title={t('settings.tokens')} lead={t('settings.tokens.lead')}>
      {failure !== undefined && <Notice look="danger">{t(failure)}</Notice>}
      <form className={styles.inline} noValidate onSubmit={(event) => void make(event)}>
        <Field
          ref={input}
          label={t('settings.tokens.name')}
          placeholder={t('settings.tokens.placeholder')}
          autoComplete="off"
          value={name}
          error={error && t(error)}
          onChange={({ target }) => {
            setName(target.value)
            setError(undefined)
          }}
        />
        <Button type="submit" look="primary" isBusy={isBusy}>
          {t('settings.tokens.make')}
        </Button>
      </form>
      {state !== 'listed' && (
        <ListNotice state={state} words={t('settings.tokens.failed')} onRetry={() => void load()} />
      )}
      {state === 'listed' && items.length === 0 && (
        <p className={parts.nothing}>{t('settings.tokens.none')}</p>
      )}
      {items.length > 0 && (
        <ul className={parts.card} aria-label={t('settings.tokens')}>
          {items.map((token) => (
            <li key={token.id} className={parts.line}>
              <CodeIcon />
              <div>
                <b dir="auto">{token.name}</b>
                <p title={formats.full(token.createdAt)}>
                  {token.lastUsedAt === undefined
                    ? t('settings.tokens.unused', { when: formats.relative(token.createdAt, Date.now()) })
                    : t('settings.tokens.used', { when: formats.relative(token.lastUsedAt, Date.now()) })}
                </p>
              </div>
              <Button
                size="small"
                aria-label={t('settings.tokens.end.label', { name: token.name })}
                onClick={() => setEnding(token)}
              >
                {t('settings.tokens.end')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {made !== undefined && <NewToken token={made} onClose={() => setMade(undefined)} />}
      <Dialog
        isOpen={ending !== undefined}
        isQuestion
        onClose={() => setEnding(undefined)}
        title={t('settings.tokens.end.title', { name: ending?.name ?? '' })}
        lead={t('settings.tokens.end.body')}
        actions={
          <>
            <Button onClick={() => setEnding(undefined)}>{t('common.cancel')}</Button>
            <Button look="danger" onClick={() => ending && void end(ending)}>
              {t('settings.tokens.end')}
            </Button>
          </>
        }
      />
    </Section>
  )
}
