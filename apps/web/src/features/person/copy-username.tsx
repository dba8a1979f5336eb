import { useEffect, useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { copy } from '../../platform/copy.ts'
import { IconButton } from '../../ui/button.tsx'
import { CheckIcon, CopyIcon } from '../../ui/icons.tsx'

const SAID_MILLIS = 2000

/** Says that it has, for as long as one looks at it. */
export function CopyUsername({ username }: { username: string }) {
  const { t } = useLanguage()
  const [isCopied, setIsCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setIsCopied(false), SAID_MILLIS)
    return () => clearTimeout(timer)
  }, [isCopied])
  return (
    <>
      <IconButton
        size="small"
        label={t('person.username.copy')}
        icon={isCopied ? <CheckIcon size={16} /> : <CopyIcon size={16} />}
        // Where it may not be copied the name stands beside it, to be selected.
        onClick={() => void copy(`@${username}`).then(setIsCopied)}
      />
      <span className="visually-hidden" role="status">
        {isCopied && t('person.username.copied')}
      </span>
    </>
  )
}
