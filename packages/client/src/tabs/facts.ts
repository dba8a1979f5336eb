import { type AttachmentId, canonicalJson, type ConversationId, type rest } from '@parley/protocol'
import type { Audit } from '../archive/audit.ts'
import type { Welcome } from '../account.ts'
import type { Link } from '../connection/link.ts'
import { type Source, source } from '../observable.ts'
import type { Paced } from '../archive/pacing.ts'
import type { Presence } from '../people/presence.ts'
import type { ShortRoom } from '../archive/room.ts'
import type { StorageState } from '../store/saving.ts'
import { CLOSED, type IndexProgress } from '../search/searcher.ts'
import type { UploadProgress } from '../uploads/upload-progress.ts'

/** What only the tab with the connection learns, and all tabs show. */
export interface Facts {
  readonly link: Source<Link>
  readonly me: Source<rest.Me>
  readonly welcome: Source<Welcome | undefined>
  readonly isFilling: Source<boolean>
  /** Older history is there to be fetched, and is held back. */
  readonly paced: Source<Paced | undefined>
  /** Of the tab that writes the archive. */
  readonly storage: Source<StorageState>
  readonly room: Source<ShortRoom | undefined>
  /** The person has had older history removed from this device. */
  readonly isThinned: Source<boolean>
  /** The last look through all that is on the disk. */
  readonly audit: Source<Audit | undefined>
  /** Who is where; conversations in which nobody is are left out. */
  readonly presences: Source<ReadonlyMap<ConversationId, Presence>>
  /** Files on their way. */
  readonly uploads: Source<ReadonlyMap<AttachmentId, UploadProgress>>
  /** How far the search index has got. */
  readonly index: Source<IndexProgress>
}

/** The same facts as they go from tab to tab. */
export interface FactsNow {
  readonly link: Link
  readonly me: rest.Me
  readonly welcome: Welcome | null
  readonly isFilling: boolean
  readonly paced: Paced | null
  readonly storage: StorageState
  readonly audit: Audit | null
  readonly room: ShortRoom | null
  readonly isThinned: boolean
  readonly presences: readonly (readonly [ConversationId, Presence])[]
  readonly uploads: readonly UploadProgress[]
  readonly index: IndexProgress
}

export const openFacts = (me: rest.Me, link: Link): Facts => ({
  link: source(link),
  me: source(me),
  welcome: source<Welcome | undefined>(undefined),
  isFilling: source(false),
  paced: source<Paced | undefined>(undefined),
  storage: source<StorageState>({ state: 'sound' }),
  isThinned: source(false),
  room: source<ShortRoom | undefined>(undefined),
  audit: source<Audit | undefined>(undefined),
  presences: source<ReadonlyMap<ConversationId, Presence>>(new Map()),
  uploads: source<ReadonlyMap<AttachmentId, UploadProgress>>(new Map()),
  index: source(CLOSED),
})

/** Of the presences only those of `looked` conversations: nobody sees the others. */
export const factsNow = (facts: Facts, looked: (id: ConversationId) => boolean): FactsNow => ({
  link: facts.link.get(),
  me: facts.me.get(),
  welcome: facts.welcome.get() ?? null,
  isFilling: facts.isFilling.get(),
  paced: facts.paced.get() ?? null,
  storage: facts.storage.get(),
  audit: facts.audit.get() ?? null,
  room: facts.room.get() ?? null,
  isThinned: facts.isThinned.get(),
  presences: [...facts.presences.get()].filter(([id]) => looked(id)),
  uploads: [...facts.uploads.get().values()],
  index: facts.index.get(),
})

/** Takes over what another tab says; what is equal stays the same object, so that nothing is drawn again. */
export function takeFacts(facts: Facts, now: FactsNow): void {
  const take = <T>(own: Source<T>, next: T) => own.set(sameOr(own.get(), next))
  take(facts.link, now.link)
  take(facts.me, now.me)
  take(facts.welcome, now.welcome ?? undefined)
  take(facts.isFilling, now.isFilling)
  take(facts.paced, now.paced ?? undefined)
  take(facts.storage, now.storage)
  take(facts.audit, now.audit ?? undefined)
  take(facts.room, now.room ?? undefined)
  take(facts.isThinned, now.isThinned)
  take(facts.index, now.index)
  const before = facts.presences.get()
  facts.presences.set(new Map(now.presences.map(([id, next]) => [id, sameOr(before.get(id), next)])))
  const uploads = facts.uploads.get()
  if (uploads.size > 0 || now.uploads.length > 0)
    facts.uploads.set(new Map(now.uploads.map((next) => [next.id, sameOr(uploads.get(next.id), next)])))
}

const sameOr = <T>(before: NoInfer<T> | undefined, next: T): T =>
  before !== undefined && canonicalJson({ value: before }) === canonicalJson({ value: next }) ? before : next
