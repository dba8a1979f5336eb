import type { Command, CommandId, ConversationId, Event } from '@parley/protocol'
import type { TestAccount } from '../kit/accounts.ts'
import type { TcpProxy } from '../kit/tcp-proxy.ts'

/** A command before it has an id: what the person wants. It may be no valid one. */
export interface Intention {
  readonly type: string
  readonly [key: string]: unknown
}

/** A device as the simulation turns it: whatever program is inside. What is on its disk survives `restart`. */
export interface Device {
  readonly name: string
  readonly account: TestAccount
  /** The network between this device and the server. */
  readonly network: TcpProxy
  /** Whether the program is there to be used: not while it starts. */
  readonly isRunning: boolean
  /** Puts it into the outbox; undefined when this program does not let anybody want such a thing. */
  give(intention: Intention): Command | undefined
  /** Puts the same command into the outbox again, where the program lets anybody. */
  again(command: Command): boolean
  /** The events of a conversation that the device holds without a gap, from the first on. */
  archive(conversation: ConversationId): readonly Event[]
  /** Commands that wait for their answer, as this device sees it. */
  unanswered(): ReadonlySet<CommandId>
  /** Commands listed as refused, as this device sees it. */
  refused(): ReadonlySet<CommandId>
  /** Ends the program at once, and starts it again from its disk. */
  restart(): void
  close(): Promise<void>
}

/** What a device tells the simulation that watches it. */
export interface Watcher {
  /** Something may have changed on the device. */
  stirred(device: Device): void
  /** The device saw something that must never be. */
  violated(device: Device, what: string): void
  /** The program ended before these were on disk, and it had not said that they were. */
  lost(device: Device, commands: readonly CommandId[]): void
}
