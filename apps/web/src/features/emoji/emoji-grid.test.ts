import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cellAt, COLUMNS, firstCell, gridRows, moved, type Step } from './emoji-grid.ts'
import { type Emoji, GROUPS } from './emoji-set.ts'

const some = (count: number): readonly Emoji[] =>
  Array.from({ length: count }, (_, i) => ({
    emoji: `e${i}`,
    group: GROUPS[i % 3] ?? 'smileys',
    names: [`name_${i}`],
    label: `label ${i}`,
    words: ['label'],
    tones: [],
  }))
const rowsOf = (count: number, query = '', recent: readonly string[] = []) =>
  gridRows(some(count), { query, recent, toned: ({ emoji }) => emoji })
const steps: readonly Step[] = ['next', 'previous', 'down', 'up', 'page-down', 'page-up']

test('what was used lately comes first, and what is no emoji any more is left out', () => {
  const [head, cells] = rowsOf(30, '', ['e7', 'gone', 'e2'])
  expect(head).toEqual({ kind: 'head', group: 'recent' })
  expect(cells?.kind === 'cells' && cells.cells.map(({ emoji }) => emoji)).toEqual(['e7', 'e2'])
})

test('what was looked for stands without headings, and nothing found is no rows', () => {
  expect(rowsOf(30, 'label').every(({ kind }) => kind === 'cells')).toBe(true)
  expect(rowsOf(30, 'zzz')).toEqual([])
  expect(firstCell([])).toBeUndefined()
})

test('whatever keys are pressed, an emoji is under the cursor', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 90 }), fc.array(fc.constantFrom(...steps)), (count, pressed) => {
      const rows = rowsOf(count)
      let at = firstCell(rows)
      for (const step of pressed) at = at && moved(rows, at, step)
      expect(at && cellAt(rows, at)).toBeDefined()
    }),
  )
})

test('going on from the first reaches every one, and back again', () => {
  const rows = rowsOf(40)
  let at = firstCell(rows)
  const seen: string[] = []
  for (let i = 0; i < 40; i += 1) {
    seen.push((at && cellAt(rows, at)?.emoji) ?? '')
    at = at && moved(rows, at, 'next')
  }
  expect(new Set(seen).size).toBe(40)
  for (let i = 0; i < 40; i += 1) at = at && moved(rows, at, 'previous')
  expect(at).toEqual(firstCell(rows))
})

test('down and up keep the column as far as rows have it', () => {
  const rows = rowsOf(3 * (COLUMNS + 1))
  const first = firstCell(rows) ?? { row: 0, column: 0 }
  expect(moved(rows, { ...first, column: 5 }, 'down')).toEqual({ row: first.row + 1, column: 0 })
})
