import { Popover } from '@base-ui/react/popover'
import type { UserId } from '@parley/protocol'
import { useContext, useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { ReadIcon } from '../../ui/icons.tsx'
import { ReadersContext } from './message-context.ts'
import { ReaderList } from './reader-list.tsx'
import panel from '../../ui/panel.module.css'
import styles from './message.module.css'

/** Read by some of the others; by whom, when it is pointed at, reached by keyboard or tapped. */
export default function ReadMark({ by }: { by: readonly UserId[] }) {
  const { t } = useLanguage()
  const { others } = useContext(ReadersContext)
  const [isOpen, setIsOpen] = useState(false)
  return (
    <Popover.Root open={isOpen} onOpenChange={setIsOpen}>
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
        <Popover.Positioner side="top" align="end" sideOffset={6} className={panel.above}>
          <Popover.Popup
            className={[panel.panel, styles.readers].join(' ')}
            aria-label={t('message.read-by.label')}
            initialFocus={false}
          >
            <ReaderList by={by} others={others} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
