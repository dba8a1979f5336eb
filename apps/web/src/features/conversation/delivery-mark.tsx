import type { MessageItem } from '@parley/client'
import { lazy, type ReactNode, Suspense, useContext } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { persistent } from '../../platform/persistent.ts'
import { AlertIcon, CheckIcon, ClockIcon, ReadIcon } from '../../ui/icons.tsx'
import { deliveryOf } from './delivery.ts'
import { ReadersContext } from './message-context.ts'
import styles from './message.module.css'

const ReadMark = lazy(persistent(() => import('./read-mark.tsx')))

/** Saved here · sent · read by some; who, on hover, focus or tap. */
export function DeliveryMark({ item }: { item: MessageItem }) {
  const { t } = useLanguage()
  const { positions } = useContext(ReadersContext)
  const delivery = deliveryOf(item, positions)
  switch (delivery.state) {
    case 'unsaved':
      return <Mark label={t('message.unsaved')} icon={<ClockIcon size={13} />} isFaint />
    case 'saved':
      return <Mark label={t('message.saved')} icon={<ClockIcon size={13} />} />
    case 'sent':
      return <Mark label={t('message.sent')} icon={<CheckIcon size={14} />} />
    case 'read':
      return (
        <Suspense
          fallback={
            <Mark label={t('message.read', { count: delivery.by.length })} icon={<ReadIcon size={15} />} />
          }
        >
          <ReadMark by={delivery.by} />
        </Suspense>
      )
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
