import {
  type CalendarDate,
  type Event,
  findIn,
  formatSearchQuery,
  type MessageEvent,
  type Millis,
  parseSearchQuery,
  type SearchQuery,
  startOfDay,
  type Wants,
  wantsOf,
} from '@parley/protocol'
import type { Store } from '../store.ts'
import type { IndexMatch, SearchIndex } from './index-port.ts'
import { pageOf } from './pages.ts'
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
  return await pageOf(
    (below, count) => index.newest(query, below, count),
    (found) => readHits(store, found, wants),
    limit,
    after,
  )
}

const startOf = (date: CalendarDate | undefined): Millis | undefined =>
  date === undefined ? undefined : startOfDay(date)

/** Signs alone, and nothing that narrows: everything would match. */
const isEmpty = (query: SearchQuery, { present, absent }: Wants): boolean =>
  present.length + absent.length === 0 && formatSearchQuery({ ...query, terms: [] }) === ''

const isMessage = (event: Event): event is MessageEvent => event.type === 'message'

/** The messages themselves. One that has gone from the disk since it was indexed, or is damaged, is no hit. */
async function readHits(store: Store, found: readonly IndexMatch[], wants: Wants): Promise<SearchHit[]> {
  const read = await Promise.all(
    found.map(({ conversation, seq }) => store.readable(conversation, { from: seq, to: seq })),
  )
  return found.flatMap(({ conversation, score }, place): SearchHit[] => {
    const [event] = read[place] ?? []
    if (event === undefined || !isMessage(event)) return []
    return [{ conversation, event, highlights: [...(findIn(event, wants)?.highlights ?? [])], score }]
  })
}
