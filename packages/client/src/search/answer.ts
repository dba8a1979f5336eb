import {
  type CalendarDate,
  findIn,
  formatSearchQuery,
  type MessageEvent,
  type Millis,
  parseSearchQuery,
  type SearchQuery,
  searchScore,
  startOfDay,
  type Wants,
  wantsOf,
} from '@parley/protocol'
import type { Store } from '../store/store.ts'
import type { IndexMatch, Key, SearchIndex } from './index-port.ts'
import { pageOf, type Ranked, type Window } from './pages.ts'
import type { SearchHit, SearchPage, SearchRequest } from './searcher.ts'

/** A page of what answers a request, by the index and, for the texts themselves, the store. */
export async function findPage(
  index: SearchIndex,
  store: Store,
  { typed, authors, conversations, limit, after }: SearchRequest,
): Promise<SearchPage> {
  const parsed = parseSearchQuery(typed)
  const wants = wantsOf(parsed)
  if (isEmpty(parsed, wants)) return { hits: [] }
  const query = {
    wants,
    authors,
    conversations,
    hasFile: parsed.hasFile,
    before: startOf(parsed.before),
    after: startOf(parsed.after),
  }
  const window = async (below: Key | undefined, count: number): Promise<Window> => {
    const { matches, hasMore } = await index.newest(query, below, count)
    return { matches: await rank(store, matches, wants), hasMore }
  }
  return await pageOf(window, (found) => readHits(store, found, wants), limit, after)
}

/** Gives each match its score; of those that the index cannot say it of, the texts say how well they fit. */
async function rank(store: Store, matches: readonly IndexMatch[], wants: Wants): Promise<readonly Ranked[]> {
  const unsure = matches.filter(({ isInOrder }) => isInOrder === undefined)
  const read = await readMessages(store, unsure)
  const inOrder = new Set(unsure.filter((_, place) => isInOrder(read[place], wants)))
  return matches.map((match) => {
    const { at, conversation, seq, isWhole } = match
    const fit = { isWhole, isInOrder: match.isInOrder ?? inOrder.has(match) }
    return { at, conversation, seq, score: searchScore(at, fit) }
  })
}

const isInOrder = (message: MessageEvent | undefined, wants: Wants): boolean =>
  message !== undefined && findIn(message, wants)?.fit.isInOrder === true

const startOf = (date: CalendarDate | undefined): Millis | undefined =>
  date === undefined ? undefined : startOfDay(date)

/** Signs alone, and nothing that narrows: everything would match. */
const isEmpty = (query: SearchQuery, { present, absent }: Wants): boolean =>
  present.length + absent.length === 0 && formatSearchQuery({ ...query, terms: [] }) === ''

/** The messages themselves, in this order; undefined where one has gone from the disk since it was indexed, or is damaged. */
const readMessages = (store: Store, keys: readonly Key[]): Promise<readonly (MessageEvent | undefined)[]> =>
  Promise.all(
    keys.map(async ({ conversation, seq }) => {
      const [event] = await store.readable(conversation, { from: seq, to: seq })
      return event?.type === 'message' ? event : undefined
    }),
  )

async function readHits(store: Store, found: readonly Ranked[], wants: Wants): Promise<SearchHit[]> {
  const read = await readMessages(store, found)
  return found.flatMap(({ conversation, score }, place): SearchHit[] => {
    const event = read[place]
    if (event === undefined) return []
    return [{ conversation, event, highlights: [...(findIn(event, wants)?.highlights ?? [])], score }]
  })
}
