import { inviting, posting, rest, role, userId } from '@parley/protocol'
import type { AttachmentId, ConversationId, Event, EventId, Seq, UserId } from '@parley/protocol'
import { z } from 'zod'
import type { FileBytes, HeldMessage } from '../uploads/held-message.ts'

/** Why a device could not keep something; each wants other words and another way out. */
export const storeFault = z.enum([
  /** No space is left, or private mode allows none. */
  'quota',
  /** The database was closed under us: by the browser, or because its data was cleared. */
  'closed',
  /** Another tab holds an older version of the database open. */
  'blocked',
  /** A newer version of the app has the database; this one must be loaded anew. */
  'outdated',
  /** What was read is not what was ever written. */
  'corrupt',
  'failed',
])
export type StoreFault = z.infer<typeof storeFault>

export class StoreError extends Error {
  override name = 'StoreError'
  readonly fault: StoreFault
  constructor(fault: StoreFault, message: string, options?: { cause: unknown }) {
    super(message, options)
    this.fault = fault
  }
}

/** Stretches of a log: ascending, disjoint, not touching. */
export const ranges = z
  .array(z.object({ from: z.int().positive(), to: z.int().positive() }).readonly())
  .readonly()
/** An unbroken stretch of a log, both ends included. */
export type Range = z.infer<typeof ranges>[number]

/** What of a log is held. */
export interface Holding {
  /** Ascending, disjoint, not touching. */
  readonly ranges: readonly Range[]
  /** The newest event held. */
  readonly tip: Event
  /** How many bytes are held, as `bytesOf` counts; after a part was dropped, about. */
  readonly bytes: number
}

/** What the log had made of a conversation at `seq`, as its live document showed it. */
export const conversationShape = z.object({
  seq: z.int().nonnegative(),
  title: z.string(),
  topic: z.string(),
  avatar: z.string(),
  archived: z.boolean(),
  posting,
  inviting,
  /** Of a channel, whose document does not hold its members; left out where it could not be counted on. */
  memberCount: z.int().nonnegative().optional(),
})
export type ConversationShape = z.infer<typeof conversationShape>

/** What the device remembers of a conversation beside its events. */
export const storedConversation = z.object({
  /** As the server last gave it; its counts are of that moment. */
  summary: rest.conversationSummary,
  shape: conversationShape.optional(),
  /** Members with their roles; of a channel only those the device knows of. */
  members: z.record(userId, z.object({ role, since: z.int() })),
  /** The person is no longer a member; what the device holds stays. */
  left: z.boolean(),
  /** That it ended is because the server went back to a time before it: nobody left, and nobody was removed. */
  isLost: z.boolean().optional(),
  /** How far others have read, as last heard. */
  reads: z.record(userId, z.int()),
})
export type StoredConversation = z.infer<typeof storedConversation>

export interface StoredUpdate {
  /** Rises with every append, over all tabs. */
  readonly key: number
  readonly update: Uint8Array
}

/** The record that an update which cannot be read is kept under. */
export const asideName = (key: number): string => `aside/${key}`

export interface Held {
  /** Rises with every message, over all tabs. */
  readonly place: number
  readonly message: HeldMessage
}

/** The generation of an account document that was never replaced on this device. */
export const FIRST_GENERATION = ''

/** The record under which the store keeps how the account document came to be what it is. */
export const ACCOUNT_MOVE = 'account/move'

/** That the account document on this device was replaced by one that the server began anew. */
export const accountMove = z.object({
  /** Names the new document, on this device. */
  generation: z.string(),
  /** The generation that it replaced. */
  from: z.string(),
  /** What of that one's writers is dealt with: known to the server, or in the new document. */
  seen: z.array(z.tuple([z.int(), z.int()])).readonly(),
})
export type AccountMove = z.infer<typeof accountMove>

export interface EventQuery {
  /** Only events with a higher seq. */
  readonly after?: Seq
  /** Only events with a lower seq. */
  readonly before?: Seq
  readonly limit: number
  /** Which end of the span `limit` counts from; the answer is ascending all the same. */
  readonly from: 'oldest' | 'newest'
}

/**
 * What one person's device keeps. Every promise resolves when the data is where it survives a
 * crash of the app, and rejects with a {@link StoreError} otherwise. Several tabs share one store.
 */
export interface Store {
  /** The account document's updates, in the order they were appended. */
  loadAccount(): Promise<readonly StoredUpdate[]>
  /**
   * Resolves with its key when the update is on disk: what C6 is promised by. With undefined, and nothing is
   * written, where the document on disk is of another generation.
   */
  appendAccount(update: Uint8Array, generation?: string): Promise<number | undefined>
  /** Puts `merged` in the place of the updates with these keys; updates of other tabs stay. Undefined: as above. */
  compactAccount(
    keys: readonly number[],
    merged: Uint8Array,
    generation?: string,
  ): Promise<number | undefined>
  /**
   * Puts another document in the place of the one that these updates are of, and keeps the move under
   * {@link ACCOUNT_MOVE}; resolves with the new one's key. With undefined, and nothing is changed, where there
   * are other updates too, or those of another generation than `move.from`.
   */
  moveAccount(keys: readonly number[], state: Uint8Array, move: AccountMove): Promise<number | undefined>
  /** Keeps updates that cannot be read apart from the others, which are then all that is loaded. */
  setAside(keys: readonly number[]): Promise<void>

  /** Adds events and, in the same transaction, widens the ranges that are held. Repeats change nothing. */
  putEvents(conversation: ConversationId, events: readonly Event[]): Promise<void>
  events(conversation: ConversationId, query: EventQuery): Promise<readonly Event[]>
  /** What of a stretch is there and can be read, ascending: the rest is damaged, whatever the ranges say. */
  readable(conversation: ConversationId, span: Range): Promise<readonly Event[]>
  /** Removes a stretch, readable or not, and narrows the ranges in the same transaction. */
  dropEvents(conversation: ConversationId, span: Range): Promise<void>
  eventById(conversation: ConversationId, id: EventId): Promise<Event | undefined>
  /** The reactions to these messages, ascending by seq. */
  reactionsTo(conversation: ConversationId, messages: readonly EventId[]): Promise<readonly Event[]>
  /** What is held of each log. */
  holdings(): Promise<ReadonlyMap<ConversationId, Holding>>

  conversations(): Promise<ReadonlyMap<ConversationId, StoredConversation>>
  putConversation(id: ConversationId, conversation: StoredConversation): Promise<void>
  /** Forgets a conversation's events, ranges and snapshot; what is known of it stays. */
  forgetLog(id: ConversationId): Promise<void>
  forgetConversation(id: ConversationId): Promise<void>

  snapshot(id: ConversationId): Promise<Uint8Array | undefined>
  putSnapshot(id: ConversationId, state: Uint8Array): Promise<void>
  /** Removes the snapshots of all others. */
  keepSnapshots(ids: ReadonlySet<ConversationId>): Promise<void>

  profiles(): Promise<readonly rest.User[]>
  putProfiles(profiles: readonly rest.User[]): Promise<void>

  /** A small thing kept under a name: as it was put, or undefined. Whoever reads it parses it. */
  record(name: string): Promise<unknown>
  /** Keeps a value that can be cloned, and is not changed afterwards, under a name; `undefined` forgets it. */
  putRecord(name: string, value: unknown): Promise<void>
  /** Puts what `change` makes of what is kept. Tabs that change the same take turns: none undoes another's. */
  changeRecord(name: string, change: (before: unknown) => unknown): Promise<void>

  /** What waits on this device because of files, in the order it was put there. */
  heldMessages(): Promise<readonly Held[]>
  /** Resolves with its place when the message and all its files are on disk: both, or neither (C6). */
  hold(message: HeldMessage, files: ReadonlyMap<AttachmentId, FileBytes>): Promise<number>
  /** Puts it in the place of what is there; false, and nothing done, where another tab has removed that. */
  changeHeld(place: number, message: HeldMessage): Promise<boolean>
  /** Forgets a message with its files. */
  dropHeld(place: number): Promise<void>
  file(id: AttachmentId): Promise<FileBytes | undefined>

  /** Forgets everything, for signing out. */
  wipe(): Promise<void>
  close(): void
}

/** Who this device belongs to. */
export const identity = z.discriminatedUnion('state', [
  z.object({ state: z.literal('signed-in'), me: rest.me }),
  /** Signed out here, and the server has not heard of it yet: its cookie may still be valid. */
  z.object({ state: z.literal('leaving') }),
])
export type Identity = z.infer<typeof identity>

/** All that one device keeps: who is signed in, and a store for each person who ever was. */
export interface DeviceStorage {
  /** Undefined: nobody, or the device has lost its data; the server's cookie then says more. */
  identity(): Promise<Identity | undefined>
  setIdentity(identity: Identity | undefined): Promise<void>
  /**
   * `onFault` hears of what happens to an open store from outside: deleted, or wanted by a newer version of the app.
   * `onEmptied`: all that was in it is gone, as when the person clears the browser's data, and it goes on empty.
   */
  open(user: UserId, onFault: (fault: StoreFault) => void, onEmptied?: () => void): Promise<Store>
}
