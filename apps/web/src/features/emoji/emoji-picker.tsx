import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import {
  type At,
  cellAt,
  COLUMNS,
  firstCell,
  type GridRow,
  gridRows,
  moved,
  type Step,
} from './emoji-grid.ts'
import { type Emoji, inTone } from './emoji-set.ts'
import { GroupBar } from './group-bar.tsx'
import { setSkinTone, skinTone } from './skin-tone.ts'
import { TonePicker } from './tone-picker.tsx'
import { useEmoji } from './use-emoji.ts'
import styles from './emoji.module.css'

interface EmojiPickerProps {
  readonly onPick: (emoji: string) => void
}

const NONE: readonly Emoji[] = []

/** All emoji to choose one from. The search box keeps the focus: letters look for one, arrows move in the grid. */
export default function EmojiPicker({ onPick }: EmojiPickerProps) {
  const account = useAccount()
  const { t } = useLanguage()
  const id = useId()
  const all = useEmoji()
  // What was used while it is open does not move what is being looked at.
  const [recent] = useState(() => account.preferences.get().recentEmoji)
  const [query, setQuery] = useState('')
  const [tone, setTone] = useState(skinTone)
  const [chosen, setChosen] = useState<At>()
  const rows = useMemo(
    () => gridRows(all ?? NONE, { query, recent, toned: (emoji) => inTone(emoji, tone) }),
    [all, query, recent, tone],
  )
  const at = chosen ?? firstCell(rows)
  const active = at && cellAt(rows, at)
  const { scroller, virtualizer } = useRows(rows)
  const range = virtualizer.range
  const isSearching = query.trim() !== ''

  const goTo = (next: At): void => {
    setChosen(next)
    virtualizer.scrollToIndex(next.row, { align: 'auto' })
  }
  const pick = (emoji: string): void => {
    account.usedEmoji(emoji)
    onPick(emoji)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.nativeEvent.isComposing || at === undefined) return
    if (event.key === 'Enter' && active !== undefined) {
      event.preventDefault()
      pick(active.emoji)
      return
    }
    const step = stepOf(event, query !== '' && chosen === undefined)
    if (step === undefined) return
    event.preventDefault()
    goTo(moved(rows, at, step))
  }
  const toGroup = (group: string): void => {
    const row = rows.findIndex((each) => each.kind === 'head' && each.group === group)
    if (row === -1) return
    setChosen({ row: row + 1, column: 0 })
    virtualizer.scrollToIndex(row, { align: 'start' })
  }
  const cellId = ({ row, column }: At): string => `${id}-${row}-${column}`
  return (
    <div className={styles.panel}>
      <div className={styles.head}>
        <SearchField
          look="quiet"
          className={styles.search ?? ''}
          label={t('emoji.search')}
          placeholder={t('emoji.search')}
          value={query}
          autoCapitalize="none"
          enterKeyHint="done"
          role="combobox"
          aria-expanded="true"
          aria-haspopup="grid"
          aria-controls={`${id}-grid`}
          aria-autocomplete="list"
          aria-activedescendant={at && cellId(at)}
          onChange={(next) => {
            setQuery(next)
            setChosen(undefined)
            virtualizer.scrollToOffset(0)
          }}
          onKeyDown={onKeyDown}
        />
        <TonePicker
          tone={tone}
          onChange={(next) => {
            setTone(next)
            setSkinTone(next)
          }}
        />
      </div>
      <GroupBar
        hasRecent={recent.length > 0}
        current={isSearching ? undefined : rows[range?.startIndex ?? 0]?.group}
        onGroup={(group) => {
          if (!isSearching) toGroup(group)
          // The rows of the groups come with the next drawing.
          else setQuery('')
        }}
      />
      <div
        ref={scroller}
        id={`${id}-grid`}
        role="grid"
        tabIndex={-1}
        aria-label={t('emoji.grid')}
        aria-rowcount={rows.length}
        aria-colcount={COLUMNS}
        aria-busy={all === undefined}
        className={styles.scroller}
        hidden={all !== undefined && rows.length === 0}
      >
        <div role="rowgroup" className={styles.grid} style={{ blockSize: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start, size }) => {
            const row = rows[index]
            if (row === undefined) return null
            return (
              <div
                key={index}
                role="row"
                aria-rowindex={index + 1}
                className={styles.row}
                style={{ transform: `translateY(${start}px)`, blockSize: size }}
              >
                {row.kind === 'head' ? (
                  <span role="rowheader" aria-colspan={COLUMNS} className={styles.heading}>
                    {t(`emoji.${row.group}`)}
                  </span>
                ) : (
                  row.cells.map(({ emoji, of }, column) => (
                    // The keys are the box's, which keeps the focus.
                    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
                    <span
                      key={of.emoji + emoji}
                      id={cellId({ row: index, column })}
                      role="gridcell"
                      tabIndex={-1}
                      aria-label={of.label}
                      aria-selected={at?.row === index && at.column === column}
                      className={styles.cell}
                      onPointerMove={({ pointerType }) =>
                        pointerType === 'mouse' && setChosen({ row: index, column })
                      }
                      onPointerDown={(event) => event.preventDefault()}
                      onClick={() => pick(emoji)}
                    >
                      {emoji}
                    </span>
                  ))
                )}
              </div>
            )
          })}
        </div>
      </div>
      {all !== undefined && rows.length === 0 && (
        <p className={styles.none}>{t('emoji.none', { query: query.trim() })}</p>
      )}
      <p className="visually-hidden" role="status">
        {all === undefined
          ? t('emoji.loading')
          : isSearching &&
            (rows.length === 0
              ? t('emoji.none', { query: query.trim() })
              : t('emoji.found', { count: countOf(rows) }))}
      </p>
      <div className={styles.foot} aria-hidden="true">
        {active !== undefined && (
          <>
            <span className={styles.large}>{active.emoji}</span>
            <bdi>{active.of.label}</bdi>
            <span dir="ltr">:{active.of.names[0]}:</span>
          </>
        )}
      </div>
    </div>
  )
}

const countOf = (rows: readonly GridRow[]): number =>
  rows.reduce((count, row) => count + (row.kind === 'cells' ? row.cells.length : 0), 0)

/** Only the rows in sight are drawn: so it opens at once, with two thousand emoji in it. */
function useRows(rows: readonly GridRow[]) {
  const scroller = useRef<HTMLDivElement>(null)
  const [unit] = useState(() => {
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
    return { cells: rem * (matchMedia('(pointer: coarse)').matches ? 2.75 : 2.375), head: rem * 2 }
  })
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => unit[rows[index]?.kind ?? 'cells'],
    getItemKey: (index) => `${rows[index]?.kind}-${index}`,
    overscan: 3,
    scrollPaddingStart: unit.head,
    paddingStart: 4,
    paddingEnd: 8,
  })
  return { scroller, virtualizer }
}

/** While a query is being written the side arrows are the text's, until an arrow has gone down into the grid. */
function stepOf({ key, currentTarget }: KeyboardEvent<HTMLElement>, isInText: boolean): Step | undefined {
  if (key === 'ArrowDown') return 'down'
  if (key === 'ArrowUp') return 'up'
  if (key === 'PageDown') return 'page-down'
  if (key === 'PageUp') return 'page-up'
  if (isInText || (key !== 'ArrowLeft' && key !== 'ArrowRight')) return undefined
  const isRightToLeft = getComputedStyle(currentTarget.ownerDocument.documentElement).direction === 'rtl'
  return (key === 'ArrowRight') === isRightToLeft ? 'previous' : 'next'
}
