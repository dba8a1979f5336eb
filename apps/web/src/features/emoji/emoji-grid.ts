import { type Emoji, findEmoji, type Group, GROUPS } from './emoji-set.ts'

/** As wide as a phone shows cells that a finger can hit. */
export const COLUMNS = 8

export type GridRow =
  | { readonly kind: 'head'; readonly group: Group | 'recent' }
  | { readonly kind: 'cells'; readonly group: Group | 'recent' | 'found'; readonly cells: readonly Cell[] }

/** What is picked is `emoji`, which of a recent one has its tone already. */
export interface Cell {
  readonly emoji: string
  readonly of: Emoji
}

export interface At {
  readonly row: number
  readonly column: number
}

const inRows = (
  cells: readonly Cell[],
  group: Extract<GridRow, { kind: 'cells' }>['group'],
): readonly GridRow[] =>
  Array.from({ length: Math.ceil(cells.length / COLUMNS) }, (_, i) => ({
    kind: 'cells',
    group,
    cells: cells.slice(i * COLUMNS, (i + 1) * COLUMNS),
  }))

interface Wanted {
  readonly query: string
  /** The last used first. */
  readonly recent: readonly string[]
  readonly toned: (emoji: Emoji) => string
}

/** The rows of the picker: what was looked for, or else the recent ones and then every group. */
export function gridRows(all: readonly Emoji[], { query, recent, toned }: Wanted): readonly GridRow[] {
  const cell = (of: Emoji): Cell => ({ emoji: toned(of), of })
  if (query.trim() !== '') return inRows(findEmoji(all, query).map(cell), 'found')
  const byEmoji = new Map(all.flatMap((of) => [of.emoji, ...of.tones].map((emoji) => [emoji, of] as const)))
  const used = recent.flatMap((emoji) => {
    const of = byEmoji.get(emoji)
    return of === undefined ? [] : [{ emoji, of }]
  })
  const section = (group: Group | 'recent', cells: readonly Cell[]): readonly GridRow[] =>
    cells.length === 0 ? [] : [{ kind: 'head', group }, ...inRows(cells, group)]
  return [
    ...section('recent', used.slice(0, 3 * COLUMNS)),
    ...GROUPS.flatMap((group) => section(group, all.filter((each) => each.group === group).map(cell))),
  ]
}

export const cellAt = (rows: readonly GridRow[], { row, column }: At): Cell | undefined => {
  const found = rows[row]
  return found?.kind === 'cells' ? found.cells[column] : undefined
}

export function firstCell(rows: readonly GridRow[]): At | undefined {
  const row = rows.findIndex(({ kind }) => kind === 'cells')
  return row === -1 ? undefined : { row, column: 0 }
}

export type Step = 'next' | 'previous' | 'down' | 'up' | 'page-down' | 'page-up'

const PAGE = 5

/** Where a key leads from a cell; at an edge it stays. */
export function moved(rows: readonly GridRow[], from: At, step: Step): At {
  if (step === 'next' || step === 'previous') {
    const ahead = step === 'next' ? 1 : -1
    if (cellAt(rows, { ...from, column: from.column + ahead }) !== undefined)
      return { ...from, column: from.column + ahead }
    const row = nearest(rows, from.row, ahead)
    return row === undefined ? from : { row, column: step === 'next' ? 0 : lengthOf(rows[row]) - 1 }
  }
  const ahead = step === 'down' || step === 'page-down' ? 1 : -1
  let row = from.row
  for (let i = 0; i < (step.startsWith('page') ? PAGE : 1); i += 1) row = nearest(rows, row, ahead) ?? row
  return { row, column: Math.min(from.column, lengthOf(rows[row]) - 1) }
}

const lengthOf = (row: GridRow | undefined): number => (row?.kind === 'cells' ? row.cells.length : 0)

function nearest(rows: readonly GridRow[], from: number, ahead: 1 | -1): number | undefined {
  for (let row = from + ahead; row >= 0 && row < rows.length; row += ahead)
    if (rows[row]?.kind === 'cells') return row
  return undefined
}
