import type { ConversationId, Seq } from '@parley/protocol'
import type { Archive } from './archive.ts'
import type { Directory } from './directory.ts'
import { derived, type Observable } from './observable.ts'
import { heldCount } from './ranges.ts'

/** How much of the history is on the device (R4). */
export interface HistoryProgress {
  readonly held: number
  readonly total: number
  /** Something is being fetched right now. */
  readonly isFilling: boolean
}

/** The newest event of a log that this device has heard of. */
export const endOfLog = (archive: Archive, directory: Directory, id: ConversationId): Seq =>
  Math.max(directory.get(id)?.summary.lastSeq ?? 0, archive.tip(id)?.seq ?? 0)

export function openHistory(
  archive: Archive,
  directory: Directory,
  isFilling: Observable<boolean>,
): Observable<HistoryProgress> {
  const progress = derived<HistoryProgress>((previous) => {
    let held = 0
    let total = 0
    for (const [id, { left }] of directory.all()) {
      const own = heldCount(archive.ranges(id))
      held += own
      total += left ? own : endOfLog(archive, directory, id)
    }
    const next = { held, total, isFilling: isFilling.get() }
    const isSame =
      previous?.held === held && previous.total === total && previous.isFilling === next.isFilling
    return isSame ? previous : next
  })
  archive.subscribe(progress.invalidate)
  directory.subscribe(progress.invalidate)
  isFilling.subscribe(progress.invalidate)
  return progress
}
