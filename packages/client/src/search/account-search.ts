import type { ConversationId, UserId } from '@parley/protocol'
import type { Directory } from '../conversations/directory.ts'
import type { HistoryProgress } from '../archive/history.ts'
import { derived, type Observable } from '../observable.ts'
import type { Profiles } from '../people/profiles.ts'
import type { Tabs } from '../tabs/tabs.ts'
import { namedIn } from './named.ts'
import type { SearchCursor } from './pages.ts'
import type { IndexProgress, SearchPage } from './searcher.ts'

export interface SearchOptions {
  readonly limit?: number
  /** `next` of the page before. */
  readonly after?: SearchCursor
  /** Only in this conversation. */
  readonly in?: ConversationId
}

/** How much of what this device holds can be found. */
export interface SearchProgress extends IndexProgress {
  /** Events that the device holds. */
  readonly held: number
}

export interface AccountSearch {
  /**
   * Messages on this device that answer what was typed, in the order of the server's search (`SearchQuery` says what
   * can be typed). Works without a network. Undefined: it cannot be looked through now.
   */
  search(typed: string, options?: SearchOptions): Promise<SearchPage | undefined>
  readonly searching: Observable<SearchProgress>
}

export interface AccountSearchOptions {
  readonly me: UserId
  readonly directory: Directory
  readonly profiles: Profiles
  readonly tabs: Pick<Tabs, 'search'>
  readonly index: Observable<IndexProgress>
  readonly history: Observable<HistoryProgress>
}

const LIMIT = 20

export function openAccountSearch(options: AccountSearchOptions): AccountSearch {
  const { me, directory, profiles, tabs, index, history } = options
  const known = {
    me,
    userNamed: profiles.named,
    titles: () => titlesOf(directory),
  }
  const searching = derived<SearchProgress>(() => ({ ...index.get(), held: history.get().held }))
  index.subscribe(searching.invalidate)
  history.subscribe(searching.invalidate)
  return {
    searching,
    search: (typed, { limit = LIMIT, after, in: within } = {}) =>
      tabs.search({ typed, ...namedIn(typed, known, within), limit, ...(after && { after }) }),
  }
}

function* titlesOf(directory: Directory): Iterable<readonly [ConversationId, string]> {
  for (const [id, { summary, shape }] of directory.all()) {
    // Two people are named by who they are.
    const isShapeNewer = shape !== undefined && shape.seq >= summary.lastSeq
    yield [id, summary.kind === 'direct' ? '' : isShapeNewer ? shape.title : summary.title]
  }
}
