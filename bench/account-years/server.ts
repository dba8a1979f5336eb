import type { Place, Seen } from '@parley/protocol'
import { accountRoots, isSeen } from '@parley/protocol'
import * as Y from 'yjs'
import { MAX_WASTE_BYTES, renewed } from '../../apps/server/src/collab/account-rebuild.ts'

/** An account document that a device has open at the server. */
export interface Opened {
  readonly doc: Y.Doc
  /** What had been seen of the device's replica, if that is from before the document was begun anew. */
  readonly seen: Seen
  /** Takes what the device sends. */
  receive(update: Uint8Array): void
  /** Resolves when all commands are answered. */
  answered(): Promise<void>
  /** The last device leaves, and the document is stored. */
  leave(): Promise<void>
}

let writers = 3_000_000_000
/** An id for a writer, as long in bytes as most that Yjs draws; drawing tens of thousands takes longer than all the rest. */
export const newWriter = (): number => (writers += 1)

export interface YearsServer {
  open(vector: Uint8Array): Promise<Opened>
  /** What is stored. */
  state(): Promise<Uint8Array>
  /** How often the document was begun anew. */
  generations(): Promise<number>
  /** The ids of all commands taken, in their order. */
  readonly taken: string[]
  close(): Promise<void>
}

/** The server's decisions, without its database. Its document stays in memory, as if it were loaded each time. */
export function memoryServer(): YearsServer {
  let doc = new Y.Doc()
  let bytes = 0
  let visits = 0
  const over = new Map<number, number>()
  let generations = 0
  const positions = new Map<string, number>()
  const taken: string[] = []

  const renew = () => {
    if (bytes <= MAX_WASTE_BYTES) return
    const anew = renewed(doc, bytes, {
      isOver: (place: Place) => isSeen(over, place),
      isStored: (conversation, seq) => (positions.get(conversation) ?? 0) >= seq,
    })
    if (anew === undefined) return
    generations += 1
    for (const [client, clock] of Y.decodeStateVector(anew.seen)) over.set(client, clock)
    bytes = 0
    doc = new Y.Doc()
    Y.applyUpdate(doc, anew.state)
  }
  const drain = () => {
    const { outbox, reads } = accountRoots(doc)
    for (const [id, seq] of reads.entries()) positions.set(id, Math.max(positions.get(id) ?? 0, seq))
    if (outbox.length === 0) return
    taken.push(...outbox.map((entry) => (entry as { readonly id: string }).id))
    outbox.delete(0, outbox.length)
  }

  return {
    taken,
    open: async (vector) => {
      renew()
      // A document that is loaded anew is a writer of its own.
      doc.clientID = newWriter()
      const theirs = [...Y.decodeStateVector(vector).keys()]
      return {
        doc,
        seen: new Map(
          theirs.flatMap((client) => (over.has(client) ? [[client, over.get(client) ?? 0]] : [])),
        ),
        receive: (update) => {
          Y.applyUpdate(doc, update)
          drain()
        },
        answered: async () => undefined,
        leave: async () => {
          visits += 1
          // Once a day: it is begun anew a day later at the most, and encoding it takes longer than all the rest.
          if (visits % 6 === 0) bytes = Y.encodeStateAsUpdate(doc).length
        },
      }
    },
    state: async () => Y.encodeStateAsUpdate(doc),
    generations: async () => generations,
    close: async () => undefined,
  }
}
