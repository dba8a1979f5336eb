import { chosenLevel, type ConversationId, type Kind, type Millis, MUTED_FOREVER } from '@parley/protocol'
import { useId } from 'react'
import { useAccount } from '../../context.tsx'
import type { Formats } from '../../i18n/format.ts'
import { useLanguage } from '../../i18n/language.tsx'
import type { Translate } from '../../i18n/translate.ts'
import { useObservable } from '../../observe.ts'
import { Button } from '../../ui/button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { MUTES, muteEnd } from './mute-ends.ts'
import { useMutedUntil } from './use-muted-until.ts'
import styles from './notification-choice.module.css'

interface NotificationChoiceProps {
  readonly conversation: ConversationId
  readonly kind: Kind
  /** Of the group of choices, for who does not see the heading above it. */
  readonly label: string
}

const LEVELS = ['all', 'mentions', 'none'] as const

/** What a person is told of in a conversation, on all of their devices, and a time of quiet. */
export function NotificationChoice({ conversation, kind, label }: NotificationChoiceProps) {
  const account = useAccount()
  const { t } = useLanguage()
  const name = useId()
  const level = chosenLevel(useObservable(account.preferences), conversation, kind)
  const until = useMutedUntil(conversation)
  return (
    <div className={styles.choice} data-muted={until !== undefined || undefined}>
      <div role="radiogroup" aria-label={label} className={styles.levels}>
        {LEVELS.map((each) => (
          <label key={each} className={styles.level}>
            <input
              type="radio"
              name={name}
              checked={each === level}
              onChange={() => account.setNotificationLevel(conversation, each)}
            />
            <span>
              {t(`details.notify.${each}`)}
              {each === 'mentions' && <small>{t('details.notify.mentions.hint')}</small>}
            </span>
          </label>
        ))}
      </div>
      <MuteLine conversation={conversation} until={until} />
    </div>
  )
}

/** Whether it is quiet now, until when, and the way to change that. */
function MuteLine({
  conversation,
  until,
}: {
  readonly conversation: ConversationId
  readonly until: Millis | undefined
}) {
  const account = useAccount()
  const { t, formats } = useLanguage()
  return (
    <div className={styles.mute}>
      <span role="status">
        {until === undefined ? t('details.mute.off') : muteWords(until, Date.now(), t, formats)}
      </span>
      {/* One control that changes its word, and not two that replace each other: the keyboard keeps its place. */}
      <Menu
        trigger={
          <Button size="small" {...(until !== undefined && { 'aria-label': t('details.mute.change') })}>
            {until === undefined ? t('details.mute') : t('details.mute.change.short')}
          </Button>
        }
      >
        {until !== undefined && (
          <MenuItem onSelect={() => account.mute(conversation, undefined)}>{t('details.mute.end')}</MenuItem>
        )}
        {MUTES.map((each) => (
          <MenuItem key={each} onSelect={() => account.mute(conversation, muteEnd(each, Date.now()))}>
            {each === 'tomorrow'
              ? t('details.mute.tomorrow', { time: formats.time(muteEnd(each, Date.now())) })
              : t(`details.mute.${each}`)}
          </MenuItem>
        ))}
      </Menu>
    </div>
  )
}

/** Until when it is quiet, with the day where it is not today. */
export function muteWords(until: Millis, now: Millis, t: Translate, formats: Formats): string {
  if (until === MUTED_FOREVER) return t('details.muted')
  const time = formats.time(until)
  const isToday = new Date(until).toDateString() === new Date(now).toDateString()
  return isToday
    ? t('details.muted.until', { time })
    : t('details.muted.until-day', { day: formats.day(until, now), time })
}
