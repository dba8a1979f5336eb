import { createHash, type Hash } from 'node:crypto'
import {
  canonicalJson,
  event as eventSchema,
  type Event,
  findChainFault,
  type Seq,
  type UserId,
} from '@parley/protocol'
import { z } from 'zod'
import { nodeSha256 } from '../log/sha256.ts'
import { ExportFault } from './fault.ts'
import { exportFooter, type ExportFooter, exportHeader, type ExportHeader } from './format.ts'
import { whyIllegal, whyUnfinished } from './legality.ts'
import { type Line, linesOf } from './lines.ts'
import { advance, emptyLogState, type LogState } from './log-state.ts'

/** A file whose first line has been read, and whose events have not. */
export interface OpenExport {
  readonly header: ExportHeader
  /** What the events given so far have made; whole only when all have been. */
  readonly state: LogState
  /** Each one checked before it is given; ends only if the whole file is right, else throws an {@link ExportFault}. */
  readonly events: AsyncGenerator<Event>
}

/**
 * Reads an export and checks everything that can be checked without the server it comes from: every
 * byte, the place, time and hash of each event [L1, L5, L7], that ids are unique, that a server could
 * have appended it to what stood before, and that the file is whole. Throws an {@link ExportFault}.
 */
export async function openExport(file: AsyncIterable<Uint8Array>): Promise<OpenExport> {
  const lines = linesOf(file)
  const digest = createHash('sha256')
  const first = await lines.next()
  if (first.done === true) throw new ExportFault('truncated', 1, 'the file is empty')
  const header = parseHeader(first.value)
  take(digest, first.value)
  const { id, kind } = header.conversation
  const state = emptyLogState(id, kind)
  return { header, state, events: checkedEvents(lines, digest, header, state) }
}

async function* checkedEvents(
  lines: AsyncGenerator<Line>,
  digest: Hash,
  header: ExportHeader,
  state: LogState,
): AsyncGenerator<Event> {
  const named = new Set(header.users.map((user) => user.id))
  let number = 1
  for await (const line of lines) {
    ;({ number } = line)
    const value = parseJson(line)
    if (isFooter(value)) {
      checkFooter(line, value, digest, state)
      const further = await lines.next()
      if (further.done !== true)
        throw new ExportFault('order', number + 1, 'the file goes on after what says that it is its end')
      return
    }
    take(digest, line)
    const event = parseEvent(line, value)
    checkEvent(line, event, header, named, state)
    advance(state, event)
    yield event
  }
  throw new ExportFault(
    'truncated',
    number,
    `the file ends after ${state.tip.seq === 0 ? 'its first line' : `event ${state.tip.seq}`}, and its last line is missing`,
  )
}

/** The bytes as they are, so that no other spelling of the same passes. */
function take(digest: Hash, { bytes }: Line): void {
  digest.update(bytes).update('\n')
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function parseJson({ number, bytes }: Line): unknown {
  let value: unknown
  try {
    const text = utf8.decode(bytes)
    value = JSON.parse(text)
    if (canonicalJson(value) === text) return value
  } catch {
    throw new ExportFault('line', number, 'the line is not JSON in UTF-8')
  }
  throw new ExportFault('line', number, 'the line is JSON, but was written otherwise than in canonical form')
}

function parseHeader(line: Line): ExportHeader {
  // Something else altogether is not to be told of its first wrong byte.
  if (!line.bytes.includes('"parley-export"'))
    throw new ExportFault('format', 1, 'this is no conversation that Parley has exported')
  const value = parseJson(line)
  const { data: mark } = z.looseObject({ format: z.string(), version: z.int() }).safeParse(value)
  if (mark?.format !== 'parley-export')
    throw new ExportFault('format', 1, 'this is no conversation that Parley has exported')
  if (mark.version > 1)
    throw new ExportFault(
      'format',
      1,
      `this file has version ${mark.version}, and this Parley knows version 1`,
    )
  const { data, error } = exportHeader.safeParse(value)
  if (error !== undefined) throw new ExportFault('line', 1, `the header is not valid: ${inWords(error)}`)
  const ids = data.users.map((user) => user.id)
  if (ids.some((id, index) => index > 0 && id <= (ids[index - 1] as UserId)))
    throw new ExportFault('order', 1, 'the users are not each named once, in the order of their ids')
  return data
}

function parseEvent({ number }: Line, value: unknown): Event {
  const { data, error } = eventSchema.safeParse(value)
  if (error === undefined) return data
  const { data: placed } = z.looseObject({ seq: z.int() }).safeParse(value)
  throw new ExportFault('line', number, `this is not an event: ${inWords(error)}`, placed?.seq)
}

function checkEvent(
  { number }: Line,
  event: Event,
  { conversation }: ExportHeader,
  named: ReadonlySet<UserId>,
  state: LogState,
): void {
  const fault = (code: ExportFault['code'], what: string, seq: Seq = event.seq): ExportFault =>
    new ExportFault(code, number, what, seq)
  const broken = findChainFault(state.tip, [event], nodeSha256)
  switch (broken?.fault) {
    case 'gap':
      throw fault('order', `here event ${broken.expected} is expected`, broken.found)
    case 'time':
      throw fault('order', 'its time lies before that of the event before')
    case 'hash':
      throw fault(
        'chain',
        'its hash does not follow from what it says and the event before: one of them was changed',
      )
    case undefined:
  }
  const isNamed = named.has(event.author) && (event.type !== 'member' || named.has(event.user))
  if (!isNamed) throw fault('digest', 'it names somebody whom the first line does not name')
  const { kind, createdBy, createdAt } = conversation
  if (event.seq === 1 && event.type === 'meta') {
    if (event.kind !== kind || event.author !== createdBy || event.at !== createdAt)
      throw fault('digest', 'the first line says otherwise how the conversation began')
  }
  const why = whyIllegal(state, event)
  if (why !== undefined) throw fault('illegal', why)
}

const isFooter = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'lastSeq' in value

function checkFooter({ number }: Line, value: unknown, digest: Hash, state: LogState): void {
  const { data: footer, error } = exportFooter.safeParse(value)
  if (error !== undefined)
    throw new ExportFault('line', number, `the last line is not valid: ${inWords(error)}`)
  const { seq, hash } = state.tip
  const expected: Omit<ExportFooter, 'sha256'> = { lastSeq: seq, lastHash: hash, count: seq }
  for (const [key, is] of Object.entries(expected)) {
    const said = footer[key as keyof typeof expected]
    if (said !== is)
      throw new ExportFault(
        'truncated',
        number,
        `the last line says ${key} ${said}, and the events before it ${is}`,
      )
  }
  const why = whyUnfinished(state)
  if (why !== undefined) throw new ExportFault('illegal', number, why, seq)
  if (footer.sha256 !== digest.digest('hex'))
    throw new ExportFault(
      'digest',
      1,
      'the names in it are not those that were exported: the SHA-256 in the last line is of another file',
    )
}

const inWords = (error: z.ZodError): string =>
  error.issues
    .slice(0, 3)
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
    .join('; ')
