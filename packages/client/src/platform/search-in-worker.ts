import type { UserId } from '@parley/protocol'
import type { Clock } from '../ports.ts'
import { openSearcher } from '../search/open-searcher.ts'
import { CLOSED, type IndexProgress, type Searcher } from '../search/searcher.ts'
import { type FromWorker, toWorker } from '../search/worker-messages.ts'
import { indexedDbStorage } from './indexeddb-storage.ts'
import { keptIndex } from './search-opfs.ts'

/** The part of a worker's scope that it talks to its page by. */
export interface WorkerPort {
  postMessage(message: FromWorker): void
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void
}

/** A searcher inside a worker: it reads the person's database itself, so that no texts pass through the page. */
export function serveSearch(port: WorkerPort, clock: Clock): void {
  let opening: Promise<Searcher> | undefined

  const tell = (progress: IndexProgress) => port.postMessage({ type: 'progress', progress })
  const open = async (user: UserId, name: string): Promise<Searcher> => {
    const storage = await indexedDbStorage(name)
    // A database that is taken away rejects what is read from it; the page hears of it by its own.
    const store = await storage.open(user, () => undefined)
    const searcher = openSearcher({ store, clock, openIndex: () => keptIndex(user, clock) })
    searcher.progress.subscribe(() => tell(searcher.progress.get()))
    return searcher
  }

  port.addEventListener('message', ({ data }) => {
    const said = toWorker.parse(data)
    if (said.type === 'open') {
      opening ??= open(said.user, said.storage)
      opening.catch(() => tell({ ...CLOSED, state: 'stopped' }))
      return
    }
    void opening?.then(
      async (searcher) => {
        if (said.type === 'written') searcher.written(said.conversation, said.runs)
        else if (said.type === 'forgotten') searcher.forgotten(said.conversation)
        else {
          const page = await searcher.search(said.request)
          port.postMessage({ type: 'found', number: said.number, ...(page && { page }) })
        }
      },
      () => {
        if (said.type === 'search') port.postMessage({ type: 'found', number: said.number })
      },
    )
  })
}
