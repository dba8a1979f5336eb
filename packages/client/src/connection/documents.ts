import { HocuspocusProvider } from '@hocuspocus/provider'
import type { Millis } from '@parley/protocol'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import { type Attachment, type AttachmentInput, stepAttachment } from './attachment.ts'
import type { ClientOptions } from '../ports.ts'
import type { Socket } from './socket.ts'

/** The server ends a socket on which more than 100 documents wait to be let in (Hocuspocus' maxPendingDocuments). */
const ATTACHING_AT_ONCE = 40

/** A document that was not brought up to date by now is asked for again. */
const ANSWER_WITHIN: Millis = 20_000

/** What a document's owner hears of it. */
export interface DocumentEars {
  changed?(attachment: Attachment): void
  /** A word beside the document, as the server sent it. */
  told?(payload: string): void
}

export interface AttachedDocument {
  state(): Attachment
  /** Goes on with another document under the same name. What the server says next goes into that one. */
  replace(doc: Y.Doc): void
  /** Asks the server for all that the document lacks, and for what it lacks itself. */
  compare(): void
  detach(): void
}

export interface Documents {
  /** Keeps a document attached, through losses of the connection, until `detach`. */
  attach(name: string, doc: Y.Doc, awareness: Awareness | null, ears: DocumentEars): AttachedDocument
  /** Asks again for all that was denied: another session may have other rights. */
  reconsider(): void
}

interface Slot {
  readonly provider: HocuspocusProvider
  readonly take: (input: AttachmentInput) => void
  readonly state: () => Attachment
}

type DocumentsOptions = Pick<ClientOptions, 'clock' | 'token' | 'random'>

/** The documents of one socket: attached in waves, each with its own state, first come first served. */
export function openDocuments(
  socket: Socket,
  { clock, token, random = Math.random }: DocumentsOptions,
): Documents {
  const slots = new Set<Slot>()
  const attachingCount = () => [...slots].filter((slot) => slot.state().state === 'attaching').length

  /** Documents that are let go of as soon as the server has let them in. */
  const leaving = new Set<string>()
  const fill = () => {
    for (const slot of slots) {
      if (!socket.isOpen() || attachingCount() >= ATTACHING_AT_ONCE) return
      if (slot.state().state === 'queued' && !leaving.has(slot.provider.effectiveName))
        slot.take({ input: 'begun' })
    }
  }

  socket.onOpen(fill)
  socket.onLost(() => {
    for (const slot of [...slots]) slot.take({ input: 'lost' })
  })

  return {
    reconsider: () => {
      for (const slot of [...slots]) slot.take({ input: 'reconsider' })
    },
    attach: (name, doc, awareness, ears) => {
      let attachment: Attachment = { state: 'queued', attempt: 0 }
      let cancelTimer: () => void = () => undefined
      const jitter = () => random()

      const take = (input: AttachmentInput) => {
        const before = attachment
        attachment = stepAttachment(before, input, clock.now())
        if (attachment === before) return
        cancelTimer()
        cancelTimer = () => undefined
        if (isLeaving) return end()
        switch (attachment.state) {
          case 'attaching':
            cancelTimer = clock.after(ANSWER_WITHIN, () => take({ input: 'dropped', jitter: jitter() }))
            provider.attach()
            break
          case 'waiting':
            cancelTimer = clock.after(attachment.retryAt - clock.now(), () => take({ input: 'due' }))
            forget(provider)
            break
          case 'queued':
          case 'denied':
            forget(provider)
            break
          case 'synced':
            break
        }
        ears.changed?.(attachment)
        fill()
      }

      let isLeaving = false
      const end = () => {
        if (isLeaving) leaving.delete(name)
        cancelTimer()
        slots.delete(slot)
        // The server hears of it only if it knows the document: a word about one that it is not
        // serving would count as one more that waits to be let in.
        if (attachment.state !== 'synced' || !socket.isOpen()) forget(provider)
        provider.destroy()
        fill()
      }

      const provider = new HocuspocusProvider({
        websocketProvider: socket.websocket,
        name,
        document: doc,
        awareness,
        token: token ?? null,
        onSynced: () => take({ input: 'synced' }),
        onAuthenticationFailed: ({ reason }) => take({ input: 'denied', reason, jitter: jitter() }),
        onStateless: ({ payload }) => {
          if (!isLeaving) ears.told?.(payload)
        },
      })
      // The server closes a document by name, too: a member was removed, or a frame was too much for it.
      provider.on('close', () => take({ input: 'dropped', jitter: jitter() }))

      const slot: Slot = { provider, take, state: () => attachment }
      slots.add(slot)
      fill()
      return {
        state: () => attachment,
        replace: (next) => {
          const { configuration, boundDocumentUpdateHandler } = provider
          configuration.document.off('update', boundDocumentUpdateHandler)
          configuration.document = next
          next.on('update', boundDocumentUpdateHandler)
        },
        compare: () => {
          if (socket.isOpen() && provider.isAttached) provider.forceSync()
        },
        detach: () => {
          if (attachment.state !== 'attaching' || !socket.isOpen()) return end()
          // The server is letting it in: forgotten now, it would be served for as long as the connection lasts.
          isLeaving = true
          leaving.add(name)
        },
      }
    },
  }
}

/**
 * Takes a provider off the socket without telling the server. `detach` alone sends a word that is
 * queued while there is no connection, and on the next one ends the document just after it was let in.
 */
function forget(provider: HocuspocusProvider): void {
  const { providerMap } = provider.configuration.websocketProvider.configuration
  if (providerMap.get(provider.effectiveName) === provider) providerMap.delete(provider.effectiveName)
  provider.detach()
  // A provider that still counts as synced would not say so again after the next time.
  provider.onClose()
}
