import type { Seen } from '@parley/protocol'
import * as Y from 'yjs'
import type { AccountDocument } from './account-document.ts'
import type { AttachedDocument } from '../connection/documents.ts'

/** Leads the device from its replica of the account document to the one that the server has begun anew. */
export interface Renewal {
  /** The server says, ahead of its document, that this replica is from before; `seen`: what it has of that. */
  begin(seen: Seen): void
  /** What was attached is equal with the server's. Whether that is the device's document; else `onDone` follows. */
  arrived(): boolean
  /** The connection, or the place on it, is lost: the server will say it again. */
  lost(): void
  close(): void
}

export function openRenewal(
  own: AccountDocument,
  attached: () => AttachedDocument,
  onDone: () => void,
): Renewal {
  let next: { readonly doc: Y.Doc; readonly seen: Seen } | undefined

  /** Whether nothing is missing that the rest builds upon: the server may have taken a part for known. */
  const isWhole = ({ store }: Y.Doc) => store.pendingStructs === null && store.pendingDs === null

  const move = async ({ doc, seen }: NonNullable<typeof next>): Promise<void> => {
    const isMoved = await own.move(doc, seen)
    if (next?.doc !== doc) return
    next = undefined
    // A disk that takes nothing: then the replica is made equal as it is, and the server copes with that.
    if (!isMoved) goOn()
    onDone()
  }
  const goOn = () => {
    attached().replace(own.doc)
    attached().compare()
  }
  const end = own.onMoved((_, isOurs) => {
    // Another tab has moved it, while this one was taken for the one that does so.
    if (isOurs) attached().replace(own.doc)
    else {
      next = undefined
      goOn()
    }
  })

  return {
    begin: (seen) => {
      next = { doc: new Y.Doc(), seen }
      attached().replace(next.doc)
    },
    arrived: () => {
      if (next === undefined) return true
      const begun = next
      if (isWhole(begun.doc)) void move(begun)
      else {
        begun.doc.on('afterTransaction', function look() {
          if (!isWhole(begun.doc)) return
          begun.doc.off('afterTransaction', look)
          if (next === begun) void move(begun)
        })
        attached().compare()
      }
      return false
    },
    lost: () => {
      if (next === undefined) return
      next = undefined
      attached().replace(own.doc)
    },
    close: () => {
      next = undefined
      end()
    },
  }
}
