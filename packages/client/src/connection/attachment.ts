import { type DeniedReason, type Millis, unreachable } from '@parley/protocol'
import { backOff } from './link.ts'

/** One document's place on the connection. */
export type Attachment =
  /** Wants to attach; the connection is not there, or too many others are attaching. */
  | { readonly state: 'queued'; readonly attempt: number }
  | { readonly state: 'attaching'; readonly attempt: number; readonly since: Millis }
  /** Let in and equal with the server at least once since. */
  | { readonly state: 'synced' }
  | { readonly state: 'waiting'; readonly retryAt: Millis; readonly attempt: number }
  /** Until something changes: membership, or who is signed in. */
  | { readonly state: 'denied'; readonly reason: Exclude<DeniedReason, 'unavailable'> }

export type AttachmentInput =
  | { readonly input: 'begun' }
  | { readonly input: 'synced' }
  /** The server closed this document, could not load it, or never answered: ask again, later. */
  | { readonly input: 'dropped'; readonly jitter: number }
  | { readonly input: 'denied'; readonly reason: string; readonly jitter: number }
  | { readonly input: 'due' }
  /** The whole connection is gone. */
  | { readonly input: 'lost' }
  /** The person has signed in again, or was told to be a member again. */
  | { readonly input: 'reconsider' }

export function stepAttachment(attachment: Attachment, input: AttachmentInput, now: Millis): Attachment {
  const attempt = 'attempt' in attachment ? attachment.attempt : 0
  switch (input.input) {
    case 'begun':
      return attachment.state === 'queued' ? { state: 'attaching', attempt, since: now } : attachment
    case 'synced':
      return attachment.state === 'attaching' ? { state: 'synced' } : attachment
    case 'dropped':
      return attachment.state === 'attaching' || attachment.state === 'synced'
        ? { state: 'waiting', retryAt: now + backOff(attempt + 1, input.jitter), attempt: attempt + 1 }
        : attachment
    case 'denied':
      if (attachment.state !== 'attaching' && attachment.state !== 'synced') return attachment
      // Hocuspocus says `permission-denied` for whatever went wrong while it loaded the document. Only
      // the reasons that Parley gives are believed; any other is trouble on the server's side (C4).
      return input.reason === 'forbidden' || input.reason === 'unauthenticated'
        ? { state: 'denied', reason: input.reason }
        : { state: 'waiting', retryAt: now + backOff(attempt + 1, input.jitter), attempt: attempt + 1 }
    case 'due':
      return attachment.state === 'waiting' ? { state: 'queued', attempt: attachment.attempt } : attachment
    case 'lost':
      return attachment.state === 'denied' ? attachment : { state: 'queued', attempt: 0 }
    case 'reconsider':
      return attachment.state === 'denied' || attachment.state === 'waiting'
        ? { state: 'queued', attempt: 0 }
        : attachment
    default:
      return unreachable(input)
  }
}
