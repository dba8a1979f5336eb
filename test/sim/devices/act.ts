import type { CommandId, ConversationId, Role, Seq, UserId } from '@parley/protocol'

/**
 * What happens on a device. Numbers pick from what the device knows by then, whatever that is: a story stays one
 * when something before is left out of it.
 */
export type Act =
  | { readonly act: 'send'; readonly place: number; readonly mention: number }
  | { readonly act: 'reply'; readonly place: number; readonly message: number }
  | { readonly act: 'react'; readonly place: number; readonly message: number; readonly on: boolean }
  | { readonly act: 'rename'; readonly place: number }
  | { readonly act: 'archive'; readonly place: number; readonly on: boolean }
  | { readonly act: 'add'; readonly place: number; readonly person: number }
  | { readonly act: 'remove'; readonly place: number; readonly person: number }
  | { readonly act: 'role'; readonly place: number; readonly person: number; readonly isAdmin: boolean }
  | { readonly act: 'create' }
  | { readonly act: 'direct'; readonly person: number }
  /** Reads so many hundredths of it. */
  | { readonly act: 'read'; readonly place: number; readonly part: number }
  | { readonly act: 'draft'; readonly place: number }
  | { readonly act: 'retry'; readonly which: number }
  | { readonly act: 'discard'; readonly which: number }
  | { readonly act: 'network'; readonly isOnline: boolean }
  /** The connection breaks, and nobody says that there is no network. */
  | { readonly act: 'cut' }
  | { readonly act: 'clock'; readonly years: number }
  /** The program ends and begins again, on the same disk. */
  | { readonly act: 'restart' }
  | { readonly act: 'pause'; readonly millis: number }

/** A command that a device was given. */
export interface GivenThere {
  readonly id: CommandId
  readonly type: string
  readonly conversation: ConversationId | undefined
}

export interface Opening {
  readonly url: string
  readonly token: string
  readonly me: UserId
  /** Everybody else there is. */
  readonly others: readonly UserId[]
  readonly years: number
}

/** A conversation as a device shows it. */
export interface Shown {
  readonly id: ConversationId
  readonly title: string
  readonly archived: boolean
  readonly readSeq: Seq
  readonly unread: number
  readonly mentions: number
  readonly members: Readonly<Record<UserId, Role>>
  readonly draft: string
  /** Ids of all that stands in its timeline, from the first to what waits; without what was refused. */
  readonly items: readonly string[]
}

/** All that a device shows. */
export interface Look {
  readonly link: string
  readonly waiting: number
  readonly refused: readonly CommandId[]
  /** What it has been told became of what was given here, as far as it still knows. */
  readonly fates: Readonly<Record<CommandId, string>>
  /** Of those the person is in. */
  readonly conversations: readonly Shown[]
  /** What was seen here and may never be. */
  readonly violations: readonly string[]
  /** Looks at what is shown, taken at each change. */
  readonly looks: number
}

/** What the run asks of a device. */
export interface Calls {
  open(opening: Opening): Promise<void>
  /** Answers what was given by it. `name` is in every text. */
  act(what: Act & { readonly name: string }): Promise<readonly GivenThere[]>
  look(): Promise<Look>
  close(): Promise<void>
}
