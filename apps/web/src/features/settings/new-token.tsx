import type { rest } from '@parley/protocol'
import { useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { copy } from '../../platform/copy.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { CheckIcon, CopyIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import styles from './tokens.module.css'

/** The only time that the secret is seen. */
export function NewToken({ token, onClose }: { token: rest.CreatedToken; onClose: () => void }) {
  const { t } = useLanguage()
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no')
  const take = async (): Promise<void> => setCopied((await copy(token.token)) ? 'yes' : 'failed')
  return (
    <Dialog
      isOpen
      isQuestion
      onClose={onClose}
      title={t('settings.tokens.made', { name: token.name })}
      lead={t('settings.tokens.once')}
      actions={
        <>
          <Button
            icon={copied === 'yes' ? <CheckIcon size={16} /> : <CopyIcon size={16} />}
            onClick={() => void take()}
          >
            {t(copied === 'yes' ? 'settings.tokens.copied' : 'settings.tokens.copy')}
          </Button>
          <Button look="primary" onClick={onClose}>
            {t('settings.tokens.done')}
          </Button>
        </>
      }
    >
      <input
        className={styles.secret}
        aria-label={t('settings.tokens.secret')}
        dir="ltr"
        readOnly
        value={token.token}
        onFocus={({ target }) => target.select()}
      />
      {copied === 'failed' && <Notice look="warning">{t('settings.tokens.by-hand')}</Notice>}
      <p className="visually-hidden" role="status">
        {copied === 'yes' && t('settings.tokens.copied')}
      </p>
    </Dialog>
  )
}
