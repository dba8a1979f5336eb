import type { ConversationView, MessageItem, Timeline as ClientTimeline } from '@parley/client'
import type { EventId, Millis, Seq } from '@parley/protocol'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { Beginning } from './beginning.tsx'
import { JumpButton } from './jump-button.tsx'
import type { MessageContext } from './message-context.ts'
import { arrange, type Row } from './rows.ts'
import { TimelineRow } from './timeline-row.tsx'
import { usePaging } from './use-paging.ts'
import { usePlacing } from './use-placing.ts'
import { useReading } from './use-reading.ts'
import styles from './timeline.module.css'

interface TimelineProps {
  readonly view: ConversationView
  readonly timeline: ClientTimeline
  readonly context: Omit<MessageContext, 'onShow' | 'onDate'>
  /** An event that the address asks for. */
  readonly shownSeq: Seq | undefined
}

const END_THRESHOLD = 64
const GUESSED_ROW = 46
const GUESSED_DAY = 48
const GUESSED_LINE = 21
const CHARACTERS_A_LINE = 60

/** A first guess of a row's height; it is measured as soon as it is drawn. */
function guessHeight({ item, day }: Row): number {
  const text = item.kind === 'message' ? item.text.length : 0
  return (
    GUESSED_ROW + (day === undefined ? 0 : GUESSED_DAY) + GUESSED_LINE * Math.floor(text / CHARACTERS_A_LINE)
  )
}

export function Timeline({ view, timeline, context, shownSeq }: TimelineProps) {
  const { t } = useLanguage()
  const log = useObservable(timeline)
  const scroller = useRef<HTMLDivElement>(null)
  const reading = useReading(view)
  const rows = useMemo(
    () => arrange(log.items, { self: context.self, unreadAfter: reading.unreadAfter }),
    [log.items, context.self, reading.unreadAfter],
  )
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => rows[index]?.item.id ?? index,
    estimateSize: (index) => guessHeight(rows[index] as Row),
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: END_THRESHOLD,
    overscan: 6,
    paddingStart: 12,
    paddingEnd: 12,
    scrollPaddingStart: 72,
    useAnimationFrameWithResizeObserver: false,
  })
  const placing = usePlacing({ virtualizer, rows, log, timeline, unreadAfter: reading.unreadAfter, shownSeq })
  const isAtEnd = usePaging({ scroller, virtualizer, log, timeline, isPlaced: placing.isPlaced })
  const { look, answer } = reading
  const lastShown = isAtEnd && !log.hasNewer ? log.lastSeq : lastSeqIn(virtualizer.range, rows)
  useEffect(
    () => look(placing.isPlaced ? lastShown : 0, isAtEnd),
    [look, lastShown, isAtEnd, placing.isPlaced],
  )

  const { lead, toLatest } = placing
  const onShow = useCallback((id: EventId) => void lead(() => timeline.showEvent(id)), [lead, timeline])
  const onDate = useCallback((at: Millis) => void lead(() => timeline.showDate(at)), [lead, timeline])
  const messageContext = useMemo(() => ({ ...context, onShow, onDate }), [context, onShow, onDate])
  const onOwn = useCallback(() => {
    answer()
    toLatest()
  }, [answer, toLatest])
  useFollowOwn(rows, context.self, onOwn)
  const [focused, setFocused] = useState<EventId>()
  const focusable = rows.some(({ item }) => item.id === focused) ? focused : rows.at(-1)?.item.id
  const moveFocus = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0
    const row = event.target instanceof HTMLLIElement ? event.target : undefined
    if (step === 0 || row === undefined) return
    const next = rows[Number(row.dataset['index']) + step]
    if (next === undefined) return
    event.preventDefault()
    setFocused(next.item.id)
    virtualizer.scrollToIndex(Number(row.dataset['index']) + step, { align: 'auto' })
    const list = row.parentElement
    requestAnimationFrame(() => list?.querySelector<HTMLLIElement>(`[data-id="${next.item.id}"]`)?.focus())
  }
  return (
    <div className={styles.timeline}>
      <div ref={scroller} className={styles.scroller} data-placed={placing.isPlaced || undefined}>
        {/* Announcing is the live region's: rows that scroll into view are no news. */}
        <div role="log" aria-live="off" aria-label={t('conversation.messages')} aria-busy={!placing.isPlaced}>
          {!log.hasOlder && <Beginning view={view} />}
          <ol className={styles.rows} style={{ blockSize: virtualizer.getTotalSize() }} onKeyDown={moveFocus}>
            {virtualizer.getVirtualItems().map(({ index, key, start }) => {
              const row = rows[index]
              if (row === undefined) return null
              return (
                <li
                  key={key}
                  ref={virtualizer.measureElement}
                  data-index={index}
                  data-id={row.item.id}
                  data-flash={row.item.id === placing.flashing || undefined}
                  className={styles.row}
                  tabIndex={row.item.id === focusable ? 0 : -1}
                  onFocus={() => setFocused(row.item.id)}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <TimelineRow row={row} context={messageContext} newWords={reading.words} />
                </li>
              )
            })}
          </ol>
        </div>
        {placing.isPlaced && (!isAtEnd || log.hasNewer) && (
          <JumpButton count={view.unread} onJump={toLatest} />
        )}
      </div>
      {log.loading === 'older' && <p className={styles.loading}>{t('conversation.loading-older')}</p>}
      {log.jumpUnavailable && log.loading === 'none' && (
        <p className={styles.loading} role="status">
          {t('conversation.jump-elsewhere')}
        </p>
      )}
      {log.olderUnavailable &&
        !log.jumpUnavailable &&
        log.loading === 'none' &&
        isNearTop(virtualizer.range) && (
          <p className={styles.loading}>{t('conversation.history-elsewhere')}</p>
        )}
    </div>
  )
}

type Shown = { readonly startIndex: number; readonly endIndex: number } | null

const isNearTop = (range: Shown): boolean => range !== null && range.startIndex < 5

function lastSeqIn(range: Shown, rows: readonly Row[]): Seq {
  const place = range === null ? undefined : rows[range.endIndex]?.item.place
  return place?.state === 'said' ? place.seq : 0
}

/** Who writes wants to see it, wherever they had scrolled to. */
function useFollowOwn(rows: readonly Row[], self: MessageItem['author'], onOwn: () => void): void {
  const last = rows.at(-1)?.item
  const isOwnPending = last?.kind === 'message' && last.author === self && last.place.state === 'pending'
  const id = isOwnPending ? last.id : undefined
  const seen = useRef(id)
  useEffect(() => {
    if (id !== undefined && id !== seen.current) onOwn()
    seen.current = id
  }, [id, onOwn])
}
