import type { ConversationId, Seq } from '@parley/protocol'
import type { Archive } from './archive.ts'
import type { Directory } from '../conversations/directory.ts'
import type { Facts } from '../tabs/facts.ts'
import { derived, type Observable } from '../observable.ts'
import type { Paced } from './pacing.ts'
import { covers, heldCount } from './ranges.ts'

/** How much of the history is on the device (R4). */
export interface HistoryProgress {
  /** Events. */
  readonly held: number
  readonly total: number
  /** Of the events held, as JSON: counted when they come, so the disk may use more or less. */
  readonly bytes: number
  /** Conversations; complete is one of which every event is here, joined by its hash to the one before. */
  readonly conversations: { readonly complete: number; readonly total: number }
  /** All that the server has told of is here: it has said which conversations there are, and each is complete. */
  readonly isComplete: boolean
  /** Something is being fetched right now. */
  readonly isFilling: boolean
  /** Older history is waiting, because of the connection or the battery. */
  readonly paced: Paced | undefined
}

/** The newest event of a log that this device has heard of. */
export const endOfLog = (archive: Archive, directory: Directory, id: ConversationId): Seq =>
  Math.max(directory.get(id)?.summary.lastSeq ?? 0, archive.tip(id)?.seq ?? 0)

export function openHistory(
  archive: Archive,
  directory: Directory,
  { isFilling, paced }: Pick<Facts, 'isFilling' | 'paced'>,
): Observable<HistoryProgress> {
  const progress = derived<HistoryProgress>((previous) => {
    let [held, total, bytes, complete, current] = [0, 0, 0, 0, 0]
    for (const [id, { left }] of directory.all()) {
      const own = heldCount(archive.ranges(id))
      const end = endOfLog(archive, directory, id)
      held += own
      bytes += archive.bytes(id)
      total += left ? own : end
      // What one has left ends where it ended: nobody can ask for the rest.
      if (left) continue
      current += 1
      // Whatever entered was checked against its neighbours: without a gap there is no joint left to check.
      const isWhole = covers(archive.ranges(id), { from: 1, to: end })
      if (isWhole && archive.fault(id) === undefined) complete += 1
    }
    const next: HistoryProgress = {
      held,
      total,
      bytes,
      conversations: { complete, total: current },
      // Before the first word of the server there may be anything.
      isComplete: complete === current && (directory.isComplete() || current > 0),
      isFilling: isFilling.get(),
      paced: paced.get(),
    }
    return previous !== undefined && isSame(previous, next) ? previous : next
  })
  archive.subscribe(progress.invalidate)
  directory.subscribe(progress.invalidate)
  isFilling.subscribe(progress.invalidate)
  paced.subscribe(progress.invalidate)
  return progress
}

const isSame = (a: HistoryProgress, b: HistoryProgress): boolean =>
  a.conversations.complete === b.conversations.complete &&
  a.conversations.total === b.conversations.total &&
  (['held', 'total', 'bytes', 'isComplete', 'isFilling', 'paced'] as const).every((key) => a[key] === b[key])
