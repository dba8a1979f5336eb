import { accountRoots, isSeen, placedEntries, placedValue, type Seen } from '@parley/protocol'
import * as Y from 'yjs'
import { Unavailable } from '../commands/outcome.ts'

/** The origin of the server's own writes to an account document. */
export const FROM_SERVER = { source: 'local', skipStoreHooks: true } as const

export interface GhostsOptions {
  readonly doc: Y.Doc
  /** What earlier generations have seen of these writers. */
  readonly seenBefore: (writers: ReadonlySet<number>) => Promise<Seen>
}

/**
 * Removes what a replica from before the document was begun anew brings back: it was dealt with then.
 * A command among it was taken, refused or taken back, or waits under a place of its own; it must not be
 * decided a second time [C1].
 */
export class Ghosts {
  readonly #options: GhostsOptions
  readonly #maps: readonly Y.Map<unknown>[]
  /** Of writers that were asked about; 0 for new ones. */
  readonly #seen = new Map<number, number>()
  #unasked = new Set<number>()
  /** What stood where a writer that is still to be asked about put something in. */
  #replaced = new Map<Y.Map<unknown>, Map<string, unknown>>()
  /** Of a writer that was asked about already there is something more from before. */
  #hasMore = false
  #underWay: Promise<void> | undefined

  constructor(options: GhostsOptions) {
    this.#options = options
    const { doc } = options
    const { rejections, reads, drafts, prefs } = accountRoots(doc)
    this.#maps = [rejections, reads, drafts, prefs] as readonly Y.Map<unknown>[]
    for (const map of this.#maps) map.observe((event) => this.#noteReplaced(map, event))
    for (const client of doc.store.clients.keys()) this.#unasked.add(client)
    // Before the outbox is told that there is something to take.
    doc.on('beforeObserverCalls', ({ beforeState, afterState }: Y.Transaction) =>
      this.#note(beforeState, afterState),
    )
    doc.on('afterTransaction', () => this.#begin())
    this.#begin()
  }

  /** Whether all that is in the document is known to belong there. */
  get isSettled(): boolean {
    return this.#underWay === undefined && this.#unasked.size === 0 && !this.#hasMore
  }

  /** Rejects with {@link Unavailable} while nobody can be asked. */
  async settled(): Promise<void> {
    this.#underWay ??= this.#ask().finally(() => {
      this.#underWay = undefined
    })
    await this.#underWay
  }

  #begin(): void {
    if (this.isSettled) return
    this.settled().catch(() => {
      // Nobody waits for this one. Whoever takes commands does, and asks again; what else has come back
      // is looked at with the next change, or when the document is next opened.
    })
  }

  #note(before: Seen, after: Seen): void {
    for (const [client, clock] of after) {
      const had = before.get(client) ?? 0
      if (clock <= had || client === this.#options.doc.clientID) continue
      const seen = this.#seen.get(client)
      if (seen === undefined) this.#unasked.add(client)
      else if (had < seen) this.#hasMore = true
    }
  }

  #noteReplaced(map: Y.Map<unknown>, { changes }: Y.YMapEvent<unknown>): void {
    for (const [key, { action, oldValue }] of changes.keys) {
      const held = placedValue(map, key)
      if (action !== 'update' || held === undefined || oldValue instanceof Y.AbstractType) continue
      if (this.#seen.has(held.place.client) || held.place.client === this.#options.doc.clientID) continue
      const replaced = this.#replaced.get(map) ?? new Map<string, unknown>()
      this.#replaced.set(map, replaced)
      // The first that stood there: what came over it may be a ghost as well.
      if (!replaced.has(key)) replaced.set(key, oldValue)
    }
  }

  async #ask(): Promise<void> {
    while (this.#unasked.size > 0) {
      const asked = this.#unasked
      this.#unasked = new Set()
      try {
        const seen = await this.#options.seenBefore(asked)
        for (const client of asked) this.#seen.set(client, seen.get(client) ?? 0)
      } catch (error) {
        for (const client of asked) this.#unasked.add(client)
        throw new Unavailable('nobody can say what of this account is new', { cause: error })
      }
    }
    this.#clear()
  }

  #clear(): void {
    const { doc } = this.#options
    const replaced = this.#replaced
    this.#replaced = new Map()
    this.#hasMore = false
    if ([...this.#seen.values()].every((clock) => clock === 0)) return
    const { outbox } = accountRoots(doc)
    doc.transact(() => {
      const isOver = placedEntries(outbox).map(({ place }) => isSeen(this.#seen, place))
      for (let index = isOver.length - 1; index >= 0; index -= 1) if (isOver[index]) outbox.delete(index)
      for (const map of this.#maps) {
        for (const key of [...map.keys()]) {
          const held = placedValue(map, key)
          if (held === undefined || !isSeen(this.#seen, held.place)) continue
          const before = replaced.get(map)
          if (before?.has(key) === true) map.set(key, before.get(key))
          else map.delete(key)
        }
      }
    }, FROM_SERVER)
  }
}
