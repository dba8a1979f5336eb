import { memo } from 'react'
import { DayLine } from './day-line.tsx'
import { Message } from './message.tsx'
import type { MessageContext } from './message-context.ts'
import { NoticeLine } from './notice.tsx'
import type { Row } from './rows.ts'
import styles from './timeline.module.css'

interface TimelineRowProps {
  readonly row: Row
  readonly context: MessageContext
  /** What the unread line says. */
  readonly newWords: string
}

/** An item with what stands above it: the day, and where the unread ones begin. */
export const TimelineRow = memo(
  function TimelineRow({
    row: { item, day, startsUnread, startsRun, endsRun },
    context,
    newWords,
  }: TimelineRowProps) {
    return (
      <>
        {day !== undefined && <DayLine at={day} onDate={context.onDate} />}
        {startsUnread && (
          <div className={styles.new}>
            <span>{newWords}</span>
          </div>
        )}
        {item.kind === 'notice' ? (
          <NoticeLine item={item} />
        ) : (
          <Message item={item} context={context} startsRun={startsRun} endsRun={endsRun} />
        )}
      </>
    )
  },
  // Rows are made anew whenever anything in the timeline changes; most of them say what they said.
  (a, b) =>
    a.context === b.context &&
    a.newWords === b.newWords &&
    a.row.item === b.row.item &&
    a.row.day === b.row.day &&
    a.row.startsUnread === b.row.startsUnread &&
    a.row.startsRun === b.row.startsRun &&
    a.row.endsRun === b.row.endsRun,
)
