import type { DeniedReason } from '@parley/protocol'

/**
 * Thrown from a Hocuspocus hook to deny a document. Without a message on purpose: Hocuspocus 4.7
 * prints every error that has one, and a denial is not news.
 */
export class Denied extends Error {
  override name = 'Denied'
  readonly reason: DeniedReason
  constructor(reason: DeniedReason, options?: ErrorOptions) {
    super('', options)
    this.reason = reason
  }
}
