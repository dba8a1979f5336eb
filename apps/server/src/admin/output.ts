import { inspect } from 'node:util'

export interface Output {
  /** On standard output: what the command is for. */
  readonly write: (text: string) => void
  /** For scripts: JSON on one line, and nothing else. */
  readonly isJson: boolean
}

/** One thing with its fields: as JSON, or a line each. */
export function printThing(output: Output, thing: object): void {
  if (output.isJson) return output.write(`${JSON.stringify(thing)}\n`)
  const lines = flatten(thing)
  const width = Math.max(...lines.map(([key]) => key.length))
  for (const [key, value] of lines) output.write(`${key.padEnd(width)}  ${value}\n`)
}

function flatten(thing: object, prefix = ''): [string, string][] {
  return Object.entries(thing).flatMap(([key, value]: [string, unknown]): [string, string][] =>
    typeof value === 'object' && value !== null
      ? flatten(value, `${prefix}${key} `)
      : [[prefix + inWords(key), show(key, value)]],
  )
}

/** `lastActiveAt` → `last active at`. */
const inWords = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

function show(key: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return '–'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number' && key.endsWith('At')) return new Date(value).toISOString()
  if (typeof value === 'number' && key.toLowerCase().endsWith('bytes')) return inBytes(value)
  if (typeof value === 'number') return value.toLocaleString('en')
  return clean(typeof value === 'string' ? value : inspect(value))
}

/** A list with a count of what is beyond its limit. */
export function printList(
  output: Output,
  name: string,
  { items, total }: { items: readonly object[]; total: number },
): void {
  if (output.isJson) return output.write(`${JSON.stringify({ [name]: items, total })}\n`)
  const rows = items.map((item) => Object.entries(item).map(([key, value]) => show(key, value)))
  const head = Object.keys(items[0] ?? {}).map((key) => inWords(key).toUpperCase())
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  )
  for (const row of rows.length > 0 ? [head, ...rows] : [])
    output.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    )
  const more = total - items.length
  output.write(`${items.length} ${name}${more > 0 ? `, and ${more} more: raise --limit` : ''}\n`)
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB']

function inBytes(bytes: number): string {
  const unit = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1)
  return `${(bytes / 1024 ** unit).toLocaleString('en', { maximumFractionDigits: 1 })} ${UNITS[unit]}`
}

/** People choose their names and titles: none of them may command the operator's terminal. */
const clean = (text: string): string =>
  text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '�')
