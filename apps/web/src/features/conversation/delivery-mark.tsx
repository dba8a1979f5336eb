import { Popover } from '@base-ui/react/popover'
import type { UserId } from '@parley/protocol'
import type { ReactNode } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { useNames } from '../../people.ts'
import { AlertIcon, CheckIcon, ClockIcon, ReadIcon } from '../../ui/icons.tsx'
import type { Delivery } from './delivery.ts'
import styles from './message.module.css'

/** Saved here · sent · read by some; who, on hover or tap. */
export function DeliveryMark({ delivery }: { delivery: Delivery }) {
  const { t } = useLanguage()
  switch (delivery.state) {
    case 'unsaved':
      return <Mark label={t('message.unsaved')} icon={<ClockIcon size={13} />} isFaint />
    case 'saved':
      return <Mark label={t('message.saved')} icon={<ClockIcon size={13} />} />
    case 'sent':
      return <Mark label={t('message.sent')} icon={<CheckIcon size={14} />} />
    case 'read':
      return <ReadMark by={delivery.by} />
    case 'not-saved':
      return <Mark label={t('message.unsaved')} icon={<AlertIcon size={14} />} />
    case 'not-sent':
      return <Mark label={t('message.not-sent')} icon={<AlertIcon size={14} />} />
  }
}

const Mark = ({ label, icon, isFaint = false }: { label: string; icon: ReactNode; isFaint?: boolean }) => (
  <span className={styles.mark} role="img" aria-label={label} title={label} data-faint={isFaint || undefined}>
    {icon}
  </span>
)

function ReadMark({ by }: { by: readonly UserId[] }) {
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
