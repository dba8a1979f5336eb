import type { ConversationView, MessageItem, Timeline as ClientTimeline } from '@parley/client'
import type { EventId, Millis, Seq } from '@parley/protocol'
import { type Range, defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import {
  lazy,
  memo,
  Suspense,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { drew } from '../../platform/first-shown.ts'
import { persistent } from '../../platform/persistent.ts'
import { Beginning } from './beginning.tsx'
import { Jumps } from './jumps.tsx'
import { Landing, useLanding } from './landing.tsx'
import type { Opened } from './message.tsx'
import type { MessageContext } from './message-context.ts'
import { Passing, usePassing } from './passing.tsx'
import { arrange, lastSeqOf, type Row, timeOf } from './rows.ts'
import { TimelineRow } from './timeline-row.tsx'
import { Unavailable } from './unavailable.tsx'
import { isEndInSight, useEnd } from './use-end.ts'
import { useFlash, useMentionFlash } from './use-flash.ts'
import { useKeys } from './use-keys.ts'
import { useNewWords } from './use-new-words.ts'
import { useOpening } from './use-opening.ts'
import { usePaging } from './use-paging.ts'
import { usePlacing } from './use-placing.ts'
import { useReading } from './use-reading.ts'
import { useCurrentRow, useRowFocus } from './use-row-focus.ts'
import { useTouch } from './use-touch.ts'
import { useWayBack } from './use-way-back.ts'
import styles from './timeline.module.css'

const MessageSheet = lazy(persistent(() => import('./message-sheet.tsx')))

interface TimelineProps {
  readonly view: Pick<ConversationView, 'id' | 'title' | 'topic' | 'other' | 'kind' | 'readSeq' | 'unread'>
  readonly timeline: ClientTimeline
  readonly context: Omit<MessageContext, 'onShow' | 'onDate' | 'onDone'>
  /** An event that the address asks for. */
  readonly shownSeq: Seq | undefined
}

/** As many frames as scrolling to a row takes at most. */
const SETTLED_FRAMES = 8
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

/** What opens over the timeline for one of its messages. */
type Asked = { readonly id: EventId; readonly what: Opened | 'sheet' }

export const Timeline = memo(function Timeline({ view, timeline, context, shownSeq }: TimelineProps) {
  const { t } = useLanguage()
  const log = useObservable(timeline)
  const scroller = useRef<HTMLDivElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const opening = useOpening(scroller, log)
  const reading = useReading(view, opening)
  const { self } = context
  const { unreadAfter } = reading
  const rows = useMemo(() => arrange(log.items, { self, unreadAfter }), [log.items, self, unreadAfter])
  const firstNew = useMemo(() => rows.find(({ startsUnread }) => startsUnread)?.item, [rows])
  const newWords = useNewWords(firstNew && timeOf(firstNew))
  const [current, setCurrent] = useCurrentRow(rows)
  // The row that the keyboard is at stays drawn wherever one scrolls: what has the focus must not vanish.
  const extract = useCallback((range: Range) => withIndex(defaultRangeExtractor(range), current), [current])
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => rows[index]?.item.id ?? index,
    estimateSize: (index) => guessHeight(rows[index] as Row),
    rangeExtractor: extract,
    anchorTo: 'end',
    // What was said before the conversation was opened begins where it begins, not at its end.
    followOnAppend: !opening.isOpening,
    scrollEndThreshold: END_THRESHOLD,
    overscan: 6,
    paddingStart: 12,
    paddingEnd: 12,
    scrollPaddingStart: 72,
    useAnimationFrameWithResizeObserver: false,
  })
  useLayoutEffect(() => {
    // A row that was the first of its page loses its day and its author's name when an earlier page comes above it:
    // that is no movement of what is read below it, in whichever direction one scrolls.
    virtualizer.shouldAdjustScrollPositionOnItemSizeChange = (row, _, { itemSizeCache, scrollOffset }) => {
      const isGuessed = !itemSizeCache.has(row.key)
      return isGuessed ? row.start < (scrollOffset ?? 0) : row.end <= (scrollOffset ?? 0)
    }
  }, [virtualizer])
  const { range } = virtualizer
  const { flashing, flash } = useFlash()
  const { focusRow, reach } = useRowFocus({ rows, virtualizer, list, current, setCurrent })
  const { landed, land } = useLanding({ setCurrent, reach })
  const placing = usePlacing({
    virtualizer,
    rows,
    log,
    timeline,
    unreadAfter,
    shownSeq,
    flash,
    land,
    opening,
  })
  const { isPlaced, isElsewhere, lead, toLatest } = placing
  useMentionFlash({ rows, range, self, unreadAfter, isPlaced, flash })
  usePaging({ virtualizer, log, timeline, isPlaced })
  const isAtEnd = useEnd({ scroller, virtualizer, items: log.items, isPlaced })
  const isRead = log.loading !== 'around'
  useEffect(() => {
    if (isRead) drew('messages')
  }, [isRead])
  const { look, answer } = reading
  const isReadable = isPlaced && !isElsewhere
  const readable = opening.isOpening ? (shownSeq === undefined ? opening.knownSeq : 0) : Infinity
  const last = range?.endIndex
  useEffect(() => {
    if (!isReadable) return look(0, isAtEnd)
    // Only when the list stands still: what it passes on its way to where it should stand was not in sight.
    return afterFrames(SETTLED_FRAMES, () => {
      const element = scroller.current
      const isAtNewest = element !== null && isEndInSight(element) && !log.hasNewer
      look(Math.min(isAtNewest ? log.lastSeq : lastSeqIn(virtualizer.range, rows), readable), isAtNewest)
    })
  }, [look, isReadable, readable, last, isAtEnd, log.hasNewer, log.lastSeq, rows, virtualizer])

  const { origin, leave, forget, arrive } = useWayBack({ rows, range })
  const [passing, onDone] = usePassing()
  const onShow = useCallback(
    (id: EventId, from: EventId) => {
      leave(from)
      void lead(() => timeline.showEvent(id))
    },
    [lead, leave, timeline],
  )
  const goBack = useCallback(() => {
    if (origin === undefined) return
    arrive()
    void lead(() => timeline.showEvent(origin))
  }, [origin, arrive, lead, timeline])
  const goToLatest = useCallback(() => {
    forget()
    toLatest()
  }, [forget, toLatest])
  const onDate = useCallback((at: Millis) => void lead(() => timeline.showDate(at)), [lead, timeline])
  const messageContext = useMemo(
    () => ({ ...context, onShow, onDate, onDone }),
    [context, onShow, onDate, onDone],
  )
  const onOwn = useCallback(() => {
    answer()
    // From the box, the way into the list leads to what was just said.
    setCurrent(undefined)
    goToLatest()
  }, [answer, setCurrent, goToLatest])
  useFollowOwn(rows, self, onOwn)

  const [asked, setAsked] = useState<Asked>()
  const onClosed = useCallback(() => setAsked(undefined), [])
  const onKeyDown = useKeys({ rows, context: messageContext, focusRow, goBack, goToLatest, onAsk: setAsked })
  const messageWith = (id: EventId): MessageItem | undefined => {
    const item = rows.find((row) => row.item.id === id)?.item
    return item?.kind === 'message' ? item : undefined
  }
  const touch = useTouch({
    onHold: useCallback((id: EventId) => setAsked({ id, what: 'sheet' }), []),
    onSwipe: (id) => {
      const item = messageWith(id)
      if (item !== undefined && item.place.state === 'said' && context.maySend) context.onReply(item.id)
    },
  })
  const sheetItem = asked?.what === 'sheet' ? messageWith(asked.id) : undefined
  return (
    <div className={styles.timeline}>
      <div ref={scroller} className={styles.scroller} data-placed={isPlaced || undefined}>
        {/* Announcing is the live region's: rows that scroll into view are no news. */}
        <div
          ref={list}
          role="log"
          aria-live="off"
          aria-label={t('conversation.messages')}
          aria-busy={!isPlaced}
          onKeyDown={onKeyDown}
          {...touch}
        >
          <span tabIndex={-1} data-edge="start" />
          {!log.hasOlder && rows.length === 0 && <Beginning view={view} />}
          <div className={styles.rows} style={{ blockSize: virtualizer.getTotalSize() }}>
            {virtualizer.getVirtualItems().map(({ index, key, start }) => {
              const row = rows[index]
              if (row === undefined) return null
              const { id } = row.item
              return (
                <div
                  key={key}
                  ref={virtualizer.measureElement}
                  data-index={index}
                  data-id={id}
                  data-flash={flashing.has(id) || undefined}
                  className={styles.row}
                  onFocus={() => setCurrent(id)}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  {/* A part of the first row, so that its height moves nothing when it comes in above what is read. */}
                  {index === 0 && !log.hasOlder && <Beginning view={view} />}
                  <TimelineRow
                    row={row}
                    context={messageContext}
                    newWords={newWords}
                    isCurrent={index === current}
                    opened={asked?.id === id && asked.what !== 'sheet' ? asked.what : undefined}
                    onClosed={onClosed}
                  />
                </div>
              )
            })}
          </div>
          <span tabIndex={-1} data-edge="end" />
        </div>
        {isPlaced && (
          <Jumps
            latest={!isAtEnd || log.hasNewer ? { count: view.unread } : undefined}
            onLatest={goToLatest}
            onBack={origin === undefined ? undefined : goBack}
          />
        )}
      </div>
      <Unavailable log={log} isNearTop={range !== null && range.startIndex < 5} />
      <Passing words={passing} />
      <Landing landed={landed} rows={rows} />
      <Suspense>
        {sheetItem !== undefined && (
          <MessageSheet item={sheetItem} context={messageContext} onClose={onClosed} />
        )}
      </Suspense>
    </div>
  )
})

type Shown = { readonly startIndex: number; readonly endIndex: number } | null

function lastSeqIn(range: Shown, rows: readonly Row[]): Seq {
  const row = range === null ? undefined : rows[range.endIndex]
  return (row && lastSeqOf(row)) ?? 0
}

function afterFrames(count: number, act: () => void): () => void {
  let left = count
  let frame = requestAnimationFrame(function wait() {
    left -= 1
    if (left > 0) frame = requestAnimationFrame(wait)
    else act()
  })
  return () => cancelAnimationFrame(frame)
}

function withIndex(indexes: number[], index: number): number[] {
  if (index < 0 || indexes.includes(index)) return indexes
  return [...indexes, index].sort((a, b) => a - b)
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
