import type { Millis, UserId } from '@parley/protocol'
import type { Archive, ArchiveChange } from '../archive/archive.ts'
import type { Source } from '../observable.ts'
import type { Clock } from '../ports.ts'
import type { Store } from '../store/store.ts'
import { CLOSED, type IndexProgress, type Searcher, type SearchHost } from './searcher.ts'

/** The first screen comes first. */
const BEGIN_AFTER: Millis = 2_000

export interface DeviceSearchOptions {
  readonly id: UserId
  /** Left out: this tab cannot search, and says so. */
  readonly host: SearchHost | undefined
  readonly store: Store
  readonly archive: Archive
  readonly clock: Clock
  readonly progress: Source<IndexProgress>
}

export interface DeviceSearch {
  /** Undefined without a host. */
  readonly search: Searcher['search'] | undefined
  close(): void
}

/** The leading tab's search: it tells the searcher what the archive has written, and begins once the app has. */
export function openDeviceSearch(options: DeviceSearchOptions): DeviceSearch {
  const { id, host, store, archive, clock, progress } = options
  if (host === undefined) return { search: undefined, close: () => undefined }
  let searcher: Searcher | undefined
  let isClosed = false

  const begin = (): Searcher => {
    if (searcher !== undefined) return searcher
    const opened = (searcher = host.open(id, store))
    opened.progress.subscribe(() => progress.set(opened.progress.get()))
    return opened
  }
  /** Numbers above a cut are given anew: what was indexed under them is of another log. */
  const forgotten = ({ conversation, cutAfter }: ArchiveChange) => {
    if (cutAfter === undefined) return
    searcher?.forgotten(conversation)
    searcher?.written(conversation, archive.ranges(conversation))
  }
  // What is written before it begins it finds on the disk.
  const endings = [
    archive.onWritten((conversation, runs) => searcher?.written(conversation, runs)),
    archive.subscribe(forgotten),
    clock.after(BEGIN_AFTER, () => void begin()),
  ]
  return {
    search: async (request) => (isClosed ? undefined : await begin().search(request)),
    close: () => {
      isClosed = true
      for (const end of endings) end()
      searcher?.close()
      progress.set(CLOSED)
    },
  }
}
