import type { Command, Event, Refusal, UserId } from '@parley/protocol'

/** What became of a command: its effect is committed, or it can never succeed as it stands. */
export type Outcome =
  | { readonly accepted: true; readonly events: readonly Event[] }
  | { readonly accepted: false; readonly refusal: Refusal }

/**
 * The one way in, for the outbox and for REST. The commands of one call take effect in their
 * order [C2], each at most once however often it comes [C1]; the answers stand in the same order
 * and are given after COMMIT [L3]. Rejects with {@link Unavailable} when the server, not the
 * command, is at fault: nothing is then known of the commands, and sending them again is safe.
 */
export interface CommandHandler {
  handle(author: UserId, commands: readonly Command[]): Promise<Outcome[]>
}

/** Trouble on the server's side, which is not a refusal (C4): the caller waits and tries again. */
export class Unavailable extends Error {
  override name = 'Unavailable'
}
