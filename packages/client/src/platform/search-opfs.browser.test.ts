import type { SearchIndex } from '../search/index-port.ts'
import { describeSearchIndex } from '../testing/search-index-contract.ts'

interface Answer {
  readonly number: number
  readonly answer?: unknown
  readonly error?: unknown
}

/** The index of a worker, as one here. */
async function indexInWorker(): Promise<SearchIndex> {
  const file = new URL('../testing/search-index-in-worker.ts', import.meta.url)
  const worker = new Worker(file, { type: 'module' })
  const waiting = new Map<number, (answer: Answer) => void>()
  worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => waiting.get(data.number)?.(data))
  let count = 0
  const ask = async (name: keyof SearchIndex, ...args: unknown[]): Promise<unknown> => {
    const number = (count += 1)
    const { answer, error } = await new Promise<Answer>((resolve) => {
      waiting.set(number, resolve)
      worker.postMessage([number, name, args])
    })
    if (error !== undefined) throw new Error('the worker could not', { cause: error })
    return answer
  }
  return {
    isKept: (await ask('isKept')) === true,
    holdings: () => ask('holdings') as ReturnType<SearchIndex['holdings']>,
    add: async (...args) => void (await ask('add', ...args)),
    newest: (...args) => ask('newest', ...args) as ReturnType<SearchIndex['newest']>,
    forget: async (...args) => void (await ask('forget', ...args)),
    wipe: async () => void (await ask('wipe')),
    close: () => worker.terminate(),
  }
}

describeSearchIndex("a browser's private files", indexInWorker, async (index) => {
  // Not closed first: the next tab comes while the one before is being ended.
  const next = indexInWorker()
  index.close()
  return await next
})
