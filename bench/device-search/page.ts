import { indexedDbStorage } from '@parley/client/indexeddb'
import { workerSearch } from '@parley/client/search'
import { systemClock } from '@parley/client/system'
import { conversationAt, lengthsOf, logOf, QUESTIONS, userAt } from './words.ts'

/* What a browser does in this measurement; the program beside it calls these by name. */

const me = userAt(0)
const storage = await indexedDbStorage('bench')
const host = workerSearch({
  clock: systemClock,
  storage: 'bench',
  start: () => new Worker(new URL('worker.ts', import.meta.url), { type: 'module' }),
})

interface Usage {
  readonly indexedDB?: number
  readonly fileSystem?: number
}
/** What the browser says it keeps, in bytes. */
async function usage(): Promise<Usage> {
  const { usageDetails = {} } = (await navigator.storage.estimate()) as { usageDetails?: Usage }
  return usageDetails
}

/** Puts `total` messages on the disk as the archive does; answers how long that took and how many it were. */
async function fill(total: number): Promise<{ readonly millis: number; readonly events: number }> {
  const store = await storage.open(me, () => undefined)
  let events = 0
  const begun = performance.now()
  for (const [number, length] of lengthsOf(total).entries()) {
    for (const part of logOf(number, length, 1024)) {
      await store.putEvents(conversationAt(number), part)
      events += part.length
    }
  }
  store.close()
  return { millis: performance.now() - begun, events }
}

let searcher: ReturnType<typeof host.open> | undefined

/** Begins to search, as when the app starts; answers when the first hit was there, and when all was indexed. */
async function start(): Promise<{
  readonly firstHits: number
  readonly millis: number
  readonly indexed: number
}> {
  const store = await storage.open(me, () => undefined)
  const begun = performance.now()
  const opened = (searcher = host.open(me, store))
  const ready = new Promise<void>((resolve) => {
    opened.progress.subscribe(() => opened.progress.get().state === 'ready' && resolve())
  })
  await opened.search({ typed: QUESTIONS[0]?.typed ?? '', limit: 20 })
  const firstHits = performance.now() - begun
  await ready
  store.close()
  return { firstHits, millis: performance.now() - begun, indexed: opened.progress.get().indexed }
}

/** Asks each question `times` times, one after the other: how long until the first 20 hits are here, and how many. */
async function ask(times: number): Promise<readonly { what: string; hits: number; millis: number[] }[]> {
  const answers = QUESTIONS.map(({ what }) => ({ what, hits: 0, millis: [] as number[] }))
  for (let round = 0; round < times; round += 1) {
    for (const [place, { typed, author, conversation }] of QUESTIONS.entries()) {
      const begun = performance.now()
      const page = await searcher?.search({
        typed,
        limit: 20,
        ...(author !== undefined && { authors: [userAt(author)] }),
        ...(conversation !== undefined && { conversations: [conversationAt(conversation)] }),
      })
      const answer = answers[place]
      answer?.millis.push(performance.now() - begun)
      if (answer !== undefined) answer.hits = page?.hits.length ?? -1
    }
  }
  return answers
}

export const measured = { usage, fill, start, ask }
Object.assign(globalThis, { measured })
