import { accountDocument, newId, type Seen, type UserId } from '@parley/protocol'
import * as Y from 'yjs'
import { carryOver } from '../../packages/client/src/account-move.ts'
import { newWriter, type YearsServer } from './server.ts'

/** The name of the document and what says what it is, in front of each message. */
const FRAME_BYTES = accountDocument(newId<UserId>()).length + 5
const REMOTE = Symbol('remote')

/**
 * A device with the client's rules and without its disk: the replica stays in memory from page load to page
 * load, and each is a writer of its own, as a page that loads the replica from a disk is.
 */
export interface Device {
  /** A page load: what is done before it is connected and while it is. Answers the bytes of connecting, both directions. */
  visit(server: YearsServer, offline: Act, online: Act): Promise<number>
}
export type Act = (doc: Y.Doc) => void

export function openDevice(): Device {
  let doc = new Y.Doc()
  return {
    visit: async (server, offline, online) => {
      doc.clientID = newWriter()
      doc.transact(() => offline(doc))
      const vector = Y.encodeStateVector(doc)
      const opened = await server.open(vector)
      const { seen } = opened
      const target = seen.size > 0 ? new Y.Doc() : doc
      const messages = [vector, Y.encodeStateAsUpdate(opened.doc, vector), Y.encodeStateVector(opened.doc)]
      Y.applyUpdate(target, messages[1] as Uint8Array, REMOTE)
      messages.push(Y.encodeStateAsUpdate(target, messages[2]))
      if (target !== doc) {
        messages.push(new TextEncoder().encode(renewedWord(seen)))
        const known = Y.encodeStateVector(target)
        carryOver(doc, target, { seen, isKnown: true })
        messages.push(Y.encodeStateAsUpdate(target, known))
        opened.receive(messages.at(-1) as Uint8Array)
        doc.destroy()
        doc = target
      }
      opened.receive(messages[3] as Uint8Array)
      doc.transact(() => online(doc))
      opened.receive(Y.encodeStateAsUpdate(doc, Y.encodeStateVector(opened.doc)))
      await opened.answered()
      // What the server has made of it, as it comes while the page is open.
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(opened.doc, Y.encodeStateVector(doc)), REMOTE)
      await opened.leave()
      return messages.reduce((sum, { length }) => sum + length + FRAME_BYTES, 0)
    },
  }
}

const renewedWord = (seen: Seen): string => JSON.stringify({ type: 'renewed', seen: [...seen] })
