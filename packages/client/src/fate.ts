import type { Command, Millis, RefusalCode, Seq } from '@parley/protocol'
import type { StoreFault } from './store.ts'

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
  /** Committed by the server. `seq` once its event was seen; a command without an event never has one. */
  | { readonly state: 'accepted'; readonly seq?: Seq }
  | { readonly state: 'refused'; readonly code: RefusalCode; readonly message: string; readonly at: Millis }
  /** Taken back by the person. */
  | { readonly state: 'discarded' }

/** A command of this person together with what has become of it. */
export interface FatedCommand {
  readonly command: Command
  readonly fate: Fate
}
