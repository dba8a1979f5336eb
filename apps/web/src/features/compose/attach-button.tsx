import type { FileToSend } from '@parley/client'
import { useRef } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { IconButton } from '../../ui/button.tsx'
import { AttachIcon } from '../../ui/icons.tsx'
import { filesIn } from './chosen-files.ts'
import styles from './composer.module.css'

/** Opens the system's own dialog for files. */
export function AttachButton({ onChosen }: { onChosen: (files: readonly FileToSend[]) => void }) {
  const { t } = useLanguage()
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <IconButton
        className={styles.attach ?? ''}
        label={t('compose.attach')}
        icon={<AttachIcon />}
        onClick={() => input.current?.click()}
      />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t('compose.attach')}
        onChange={({ target }) => {
          onChosen(filesIn(target.files))
          // The same file chosen again is a choice too.
          target.value = ''
        }}
      />
    </>
  )
}
