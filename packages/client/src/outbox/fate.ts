import type { Command, CommandId, Millis, RefusalCode, Seq } from '@parley/protocol'
import type { StoreFault } from '../store/store.ts'
import type { OwnFile } from '../uploads/held-message.ts'

/** What has become of a command, as far as this device knows. */
export type Fate =
  /** Given, and not yet on disk. */
  | { readonly state: 'unsaved' }
  /** The device could not keep it. It goes out all the same while the app runs; `retry` saves it again. */
  | { readonly state: 'failed-to-save'; readonly fault: StoreFault }
  /** On disk here: it survives a crash and goes out when there is a network (C6). */
  | { readonly state: 'saved' }
  /** Handed to a live connection; not answered yet. */
  | { readonly state: 'sent' }
  /** The server refused it; waits for retry or discard. */
  | { readonly state: 'refused'; readonly code: RefusalCode; readonly message: string; readonly at: Millis }
  /** Taken back by the person. */
  | { readonly state: 'discarded' }
  /** Committed by the server. `seq` once its event was seen; a command without an event never has one. */
  | { readonly state: 'accepted'; readonly seq?: Seq }

/** A command of this person together with what has become of it. */
export interface FatedCommand {
  readonly id: CommandId
  /** Undefined for a refused one of which the server kept no copy (it was too large): it can only be discarded. */
  readonly command: Command | undefined
  readonly fate: Fate
  /** Of a message with files: those that this device has the bytes of. */
  readonly files?: readonly OwnFile[]
}

/** Word of a fate. A command that was refused and given again has a further attempt, with a fate of its own. */
export interface Report {
  readonly attempt: number
  readonly fate: Fate
}

/**
 * Later states win, whatever order the words arrive in: the connection may carry an answer before
 * the disk has said "saved". An event that was seen is beyond doubt, so `accepted` is last.
 */
const RANK = {
  unsaved: 0,
  'failed-to-save': 1,
  saved: 2,
  sent: 3,
  refused: 4,
  discarded: 5,
  accepted: 6,
} as const satisfies Record<Fate['state'], number>

/** Joins two reports of one command: the same answer in any order, any number of times. */
export function joinReports(a: Report, b: Report): Report {
  // An accepted attempt ends all of them: the id takes effect once (C1).
  if (a.fate.state !== b.fate.state && (a.fate.state === 'accepted' || b.fate.state === 'accepted')) {
    const accepted = a.fate.state === 'accepted' ? a : b
    return { attempt: Math.max(a.attempt, b.attempt), fate: accepted.fate }
  }
  if (a.fate.state === 'accepted' && b.fate.state === 'accepted') {
    const seq = a.fate.seq === undefined ? b.fate.seq : Math.min(a.fate.seq, b.fate.seq ?? a.fate.seq)
    return {
      attempt: Math.max(a.attempt, b.attempt),
      fate: seq === undefined ? { state: 'accepted' } : { state: 'accepted', seq },
    }
  }
  if (a.attempt !== b.attempt) return a.attempt > b.attempt ? a : b
  const difference = RANK[a.fate.state] - RANK[b.fate.state]
  if (difference !== 0) return difference > 0 ? a : b
  return tieBreak(a.fate) >= tieBreak(b.fate) ? a : b
}

/** Two refusals, or two failures, of one attempt: the later, and of two at once always the same one. */
function tieBreak(fate: Fate): string {
  if (fate.state === 'refused') return `${String(fate.at).padStart(16, '0')} ${fate.code} ${fate.message}`
  return fate.state === 'failed-to-save' ? fate.fault : ''
}

/** Whether the command still wants something: the server's answer, or the person's. */
export const isOpen = ({ state }: Fate): boolean => state !== 'accepted' && state !== 'discarded'

/** Whether the server's answer is still to come. */
export const isWaiting = (fate: Fate): boolean => isOpen(fate) && fate.state !== 'refused'
