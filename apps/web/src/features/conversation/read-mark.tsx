import { Popover } from '@base-ui/react/popover'
import type { UserId } from '@parley/protocol'
import { useLanguage } from '../../i18n/language.tsx'
import { useNames } from '../../people.ts'
import { ReadIcon } from '../../ui/icons.tsx'
import styles from './message.module.css'

/** Read by some of the others; by whom, when it is pointed at or tapped. */
export default function ReadMark({ by }: { by: readonly UserId[] }) {
  const { t } = useLanguage()
  return (
    <Popover.Root>
      <Popover.Trigger
        openOnHover
        delay={250}
        className={styles.mark}
        data-read
        aria-label={t('message.read', { count: by.length })}
      >
        <ReadIcon size={15} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner side="top" align="end" sideOffset={6} className={styles.floating}>
          <Popover.Popup className={styles.readers} initialFocus={false}>
            <Readers by={by} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

function Readers({ by }: { by: readonly UserId[] }) {
  const { t, formats } = useLanguage()
  return t('message.read-by', { names: formats.list(useNames(by)) })
}
