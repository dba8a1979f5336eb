import { type ConversationId, type Event, type Millis, type Seq } from '@parley/protocol'
import type { Api } from '../connection/api.ts'
import type { Archive } from '../archive/archive.ts'
import { isRewritten, newestAgreed } from './divergence.ts'
import type { Clock } from '../ports.ts'

/** What asking the server again has come to. */
export type Verdict =
  /** It cannot be told now. */
  | { readonly is: 'unanswered' }
  /** The server has no such conversation for this person. */
  | { readonly is: 'gone' }
  /** All that the device has is in the server's log, and fits together there. */
  | { readonly is: 'sound' }
  /** Up to `after` both are the same; the server has gone on with `theirs`, without what the device has. */
  | { readonly is: 'lost'; readonly after: Seq; readonly theirs: readonly Event[] }
  /** What was said has been changed: see `LogFault`. */
  | {
      readonly is: 'altered'
      readonly seq: Seq
      readonly isChained: boolean
      readonly after: Seq
      readonly theirs: readonly Event[]
    }

export interface InquiryOptions {
  readonly archive: Archive
  readonly api: Pick<Api, 'conversation' | 'events'>
  readonly clock: Clock
  readonly isLive: () => boolean
}

/** A server that lags behind another, or an answer that was overtaken, has caught up by then. */
const CONFIRM_AFTER: Millis = 2_000
const CONFIRMATIONS = 2
const PAGE = 1000

const UNANSWERED: Verdict = { is: 'unanswered' }

/**
 * Finds out how the server's log and the device's part: up to where they are the same, and what is behind it. Of an
 * altered one it stops at the first sign, unless it `readsOn`.
 */
export async function inquire(
  options: InquiryOptions,
  id: ConversationId,
  readsOn = false,
): Promise<Verdict> {
  const { archive, api } = options
  const end = await confirmedEnd(options, id)
  if ('is' in end) return end
  const after = await newestAgreed(archive.ranges(id), end.lastSeq, async (seq) => {
    const [mine, answer] = await Promise.all([
      at(archive, id, seq),
      api.events(id, { after: seq - 1, limit: 1 }),
    ])
    const theirs = answer.ok ? answer.value[0] : undefined
    return mine === undefined || theirs?.seq !== seq ? undefined : mine.hash === theirs.hash
  })
  if (after === undefined) return UNANSWERED
  // What has arrived since the server was asked is newer than its answer, and not lost.
  if (end.known <= after) return await aroundFault(options, id)

  const theirs: Event[] = []
  let before = after === 0 ? undefined : await at(archive, id, after)
  let isChained = false
  let fault: Seq | undefined
  while ((fault === undefined || (isChained && readsOn)) && (theirs.at(-1)?.seq ?? after) < end.lastSeq) {
    const answer = await api.events(id, { after: before?.seq ?? 0, limit: PAGE })
    if (!answer.ok || answer.value.length === 0) return UNANSWERED
    const broken = archive.faultIn(id, before, answer.value)
    if (broken !== undefined) {
      fault = broken.fault === 'gap' ? broken.expected : broken.seq
      isChained = false
    } else if (await hasRewritten(archive, id, after, answer.value)) [fault, isChained] = [after + 1, true]
    theirs.push(...answer.value)
    before = answer.value.at(-1)
  }
  if (fault !== undefined) return { is: 'altered', seq: fault, isChained, after, theirs }
  return { is: 'lost', after, theirs }
}

/** Where the server's log ends, and where the device's did when it was asked; that it ends earlier than the device knows only when it says so again and again. */
async function confirmedEnd(
  { archive, api, clock, isLive }: InquiryOptions,
  id: ConversationId,
): Promise<{ readonly lastSeq: Seq; readonly known: Seq } | Verdict> {
  for (let asked = 0; ; asked += 1) {
    const known = archive.tip(id)?.seq ?? 0
    const answer = await api.conversation(id)
    if (!answer.ok) return answer.code === 'forbidden' ? { is: 'gone' } : UNANSWERED
    const { lastSeq } = answer.value
    if (lastSeq >= known || asked === CONFIRMATIONS) return { lastSeq, known }
    await new Promise<void>((resolve) => clock.after(CONFIRM_AFTER, resolve))
    if (!isLive()) return UNANSWERED
  }
}

/** Where the device holds nothing that the server lacks, a fault can only be in what the server itself has there. */
async function aroundFault({ archive, api }: InquiryOptions, id: ConversationId): Promise<Verdict> {
  const fault = archive.fault(id)
  if (fault === undefined || fault.fault === 'gap') return { is: 'sound' }
  const from = Math.max(0, fault.seq - 2)
  const answer = await api.events(id, { after: from, limit: 3 })
  if (!answer.ok) return UNANSWERED
  const [first, ...rest] = answer.value
  const broken = from === 0 ? archive.faultIn(id, undefined, answer.value) : archive.faultIn(id, first, rest)
  if (broken === undefined || broken.fault === 'gap') return { is: 'sound' }
  return { is: 'altered', seq: broken.seq, isChained: false, after: archive.tip(id)?.seq ?? 0, theirs: [] }
}

async function hasRewritten(
  archive: Archive,
  id: ConversationId,
  after: Seq,
  theirs: readonly Event[],
): Promise<boolean> {
  for (const event of theirs) {
    const mine = await archive.eventById(id, event.id)
    if (mine !== undefined && mine.seq > after && isRewritten(mine, event)) return true
  }
  return false
}

const at = async (archive: Archive, id: ConversationId, seq: Seq): Promise<Event | undefined> =>
  (await archive.read(id, { after: seq - 1, before: seq + 1, limit: 1, from: 'oldest' }))[0]
