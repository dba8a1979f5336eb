import { accountDocument, accountRoots, type ConversationId, newId, type UserId } from '@parley/protocol'
import * as Y from 'yjs'
import type { Year } from './life.ts'
import { newWriter } from './server.ts'

const FRAME_BYTES = accountDocument(newId<UserId>()).length + 5

/** The same use of a document that is never begun anew. All devices share one replica: they are equal after each page load anyway. */
export function liveWithout(
  years: number,
  loadsADay: number,
  messages: number,
  reads: number,
  onYear: (year: Year) => void,
) {
  const doc = new Y.Doc()
  const roots = accountRoots(doc)
  const conversations = Array.from({ length: 40 }, () => newId<ConversationId>())
  let turn = 0
  for (let year = 1; year <= years; year += 1) {
    for (let load = 0; load < 365 * loadsADay; load += 1) {
      doc.clientID = newWriter()
      doc.transact(() => {
        for (let n = 0; n < reads / loadsADay; n += 1) {
          turn += 1
          roots.reads.set(conversations[(turn * 7) % 40] as ConversationId, turn)
        }
        for (let n = 0; n < messages / loadsADay; n += 1)
          roots.outbox.push([
            { id: newId(), type: 'message.send', text: 'as long as messages are, about so' },
          ])
      })
      doc.clientID = newWriter()
      doc.transact(() => roots.outbox.delete(0, roots.outbox.length))
    }
    const state = Y.encodeStateAsUpdate(doc)
    const vector = Y.encodeStateVector(doc)
    const rest = Y.encodeStateAsUpdate(doc, vector)
    const upToDate = 2 * (vector.length + rest.length) + 4 * FRAME_BYTES
    onYear({
      year,
      pageLoads: year * 365 * loadsADay,
      generations: 0,
      bytes: state.length,
      writers: doc.store.clients.size,
      upToDate,
      fresh: 1 + state.length + vector.length + rest.length + 4 * FRAME_BYTES,
      dearest: upToDate,
    })
  }
}
