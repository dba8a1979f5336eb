import type { ConversationId } from '@parley/protocol'
import { useEffect, useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { copy } from '../../platform/copy.ts'
import { Button } from '../../ui/button.tsx'
import { CheckIcon, LinkIcon } from '../../ui/icons.tsx'

/** So long it says that it has been done. */
const SAID_MILLIS = 4000

export function CopyLink({ conversation }: { conversation: ConversationId }) {
  const { t } = useLanguage()
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle')
  const address = `${location.origin}/c/${conversation}`
  useEffect(() => {
    if (state !== 'copied') return undefined
    const timer = setTimeout(() => setState('idle'), SAID_MILLIS)
    return () => clearTimeout(timer)
  }, [state])
  // Where it may not be copied the address is shown, to be copied by hand.
  const take = async (): Promise<void> => setState((await copy(address)) ? 'copied' : 'failed')
  return (
    <>
      <Button icon={state === 'copied' ? <CheckIcon /> : <LinkIcon />} onClick={() => void take()}>
        {t(state === 'copied' ? 'details.link.copied' : 'details.link')}
      </Button>
      <span className="visually-hidden" role="status">
        {state === 'copied' && t('details.link.copied')}
      </span>
      {state === 'failed' && (
        <input
          dir="ltr"
          readOnly
          aria-label={t('details.link.address')}
          value={address}
          onFocus={({ target }) => target.select()}
        />
      )}
    </>
  )
}
