import type { UserId } from '@parley/protocol'
import { source } from '../observable.ts'
import type { Clock } from '../ports.ts'
import {
  CLOSED,
  type IndexProgress,
  type Searcher,
  type SearchHost,
  type SearchPage,
} from '../search/searcher.ts'
import { fromWorker, type ToWorker } from '../search/worker-messages.ts'
import { wipeKept } from './search-folder.ts'

export interface SearchWorkerOptions {
  readonly clock: Clock
  /** Starts the file that serves. */
  readonly start: () => Worker
  /** The name that `indexedDbStorage` was opened with. */
  readonly storage?: string
}

/** Searchers in workers of their own, which read the person's database and keep the index in private files. */
export const workerSearch = ({ clock, start, storage = 'parley' }: SearchWorkerOptions): SearchHost => ({
  open: (user) => openWorker(start(), user, storage),
  wipe: (user) => wipeKept(user, clock),
})

function openWorker(worker: Worker, user: UserId, storage: string): Searcher {
  const progress = source<IndexProgress>(CLOSED)
  const asked = new Map<number, (page: SearchPage | undefined) => void>()
  let count = 0
  const post = (said: ToWorker) => worker.postMessage(said)

  let isOver = false
  const end = () => {
    isOver = true
    worker.terminate()
    for (const answer of asked.values()) answer(undefined)
    asked.clear()
  }
  worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const said = fromWorker.parse(data)
    switch (said.type) {
      case 'progress':
        progress.set(said.progress)
        break
      case 'found':
        asked.get(said.number)?.(said.page)
        asked.delete(said.number)
        break
    }
  })
  // Its file could not be loaded, or it has a defect: search is not there, and all else is.
  worker.addEventListener('error', () => {
    end()
    progress.set({ ...progress.get(), state: 'stopped' })
  })
  post({ type: 'open', user, storage })

  return {
    progress,
    written: (conversation, runs) => post({ type: 'written', conversation, runs }),
    forgotten: (conversation) => post({ type: 'forgotten', conversation }),
    search: (request) =>
      new Promise((resolve) => {
        if (isOver) return resolve(undefined)
        count += 1
        asked.set(count, resolve)
        post({ type: 'search', number: count, request })
      }),
    close: end,
  }
}
