import { memo } from 'react'
import { DayLine } from './day-line.tsx'
import { Message, type Opened } from './message.tsx'
import type { MessageContext } from './message-context.ts'
import { NoticeLine } from './notice.tsx'
import { type Row, saysTheSame } from './rows.ts'
import styles from './timeline.module.css'

interface TimelineRowProps {
  readonly row: Row
  readonly context: MessageContext
  /** What the unread line says. */
  readonly newWords: string
  readonly isCurrent: boolean
  readonly opened: Opened | undefined
  readonly onClosed: () => void
}

/** An item with what stands above it: the day, and where the unread ones begin. */
export const TimelineRow = memo(
  function TimelineRow({ row, context, newWords, isCurrent, opened, onClosed }: TimelineRowProps) {
    const { item, notices, day, startsUnread, startsRun, endsRun } = row
    return (
      <>
        {day !== undefined && <DayLine at={day} onDate={context.onDate} />}
        {startsUnread && (
          <div className={styles.new}>
            <span>{newWords}</span>
          </div>
        )}
        {item.kind === 'notice' ? (
          <div className={styles.noticePlace} role="note" tabIndex={isCurrent ? 0 : -1}>
            <NoticeLine notices={notices} />
          </div>
        ) : (
          <Message
            item={item}
            context={context}
            startsRun={startsRun}
            endsRun={endsRun}
            isCurrent={isCurrent}
            opened={opened}
            onClosed={onClosed}
          />
        )}
      </>
    )
  },
  // Rows are made anew whenever anything in the timeline changes; most of them say what they said.
  (a, b) =>
    a.context === b.context &&
    a.newWords === b.newWords &&
    a.isCurrent === b.isCurrent &&
    a.opened === b.opened &&
    a.onClosed === b.onClosed &&
    saysTheSame(a.row, b.row),
)
