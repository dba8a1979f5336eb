import { accountDocument, newId, type Seen, type UserId } from '@parley/protocol'
import * as Y from 'yjs'
import { carryOver } from '../../packages/client/src/own/account-move.ts'
import { newWriter, type YearsServer } from './server.ts'

/** The name of the document and what says what it is, in front of each message. */
const FRAME_BYTES = accountDocument(newId<UserId>()).length + 5
const REMOTE = Symbol('remote')

/**
 * A device with the client's rules and without its disk: the replica stays in memory from page load to page
 * load, and each is a writer of its own, as a page that loads the replica from a disk is.
 */
export interface Device {
  /**
   * A page load: what is done before it is connected and while it is. Answers the bytes of connecting, both
   * directions: 0 if they are not asked for, unless it goes over to a new document.
   */
  visit(server: YearsServer, offline: Act, online: Act, isMeasured?: boolean): Promise<number>
}
export type Act = (doc: Y.Doc) => void

export function openDevice(): Device {
  let doc = new Y.Doc()
  return {
    visit: async (server, offline, online, isMeasured = true) => {
      doc.clientID = newWriter()
      const vector = Y.encodeStateVector(doc)
      const given: Uint8Array[] = []
      const note = (update: Uint8Array, origin: unknown) => {
        if (origin !== REMOTE) given.push(update)
      }
      doc.on('update', note)
      doc.transact(() => offline(doc))
      const opened = await server.open(vector)
      const { seen } = opened
      const target = seen.size > 0 ? new Y.Doc() : doc
      const lacking = Y.encodeStateAsUpdate(opened.doc, vector)
      Y.applyUpdate(target, lacking, REMOTE)
      let bytes = 0
      if (isMeasured || target !== doc) {
        const theirs = Y.encodeStateVector(opened.doc)
        const messages = [Y.encodeStateVector(doc), lacking, theirs, Y.encodeStateAsUpdate(target, theirs)]
        if (target !== doc) {
          messages.push(new TextEncoder().encode(renewedWord(seen)))
          target.on('update', note)
          given.length = 0
          carryOver(doc, target, { seen, isKnown: true })
          messages.push(...given)
          doc.destroy()
          doc = target
        }
        bytes = messages.reduce((sum, { length }) => sum + length + FRAME_BYTES, 0)
      }
      const hear = (update: Uint8Array) => Y.applyUpdate(doc, update, REMOTE)
      opened.doc.on('update', hear)
      for (const update of given.splice(0)) opened.receive(update)
      doc.transact(() => online(doc))
      for (const update of given.splice(0)) opened.receive(update)
      await opened.answered()
      opened.doc.off('update', hear)
      doc.off('update', note)
      await opened.leave()
      return bytes
    },
  }
}

const renewedWord = (seen: Seen): string => JSON.stringify({ type: 'renewed', seen: [...seen] })
