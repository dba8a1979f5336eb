import type { AttachmentId, ConversationId, Event, rest, UserId } from '@parley/protocol'
import type { DBSchema } from 'idb'
import type { Range, StoredConversation } from '../store/store.ts'
import type { HeldMessage } from '../uploads/held-message.ts'

/** A whole page of a log, never changed. */
export interface EventPage {
  /** The seq of the first. */
  readonly from: number
  readonly events: readonly Event[]
  /** What its events are found by: a part of the id, and of those that its reactions are to. */
  readonly ids: readonly number[]
  readonly to: readonly number[]
}

/** A person's database: everything this device keeps for them, in one place with one quota and one fate. */
export interface PersonDatabase extends DBSchema {
  account: { key: number; value: Uint8Array }
  /** The loose ones, by [conversation, seq]. An event's id is unique over all conversations. */
  events: { key: [ConversationId, number]; value: Event; indexes: { id: string; to: string } }
  /** By [conversation, number]: page 0 has the events 1 to 128. */
  pages: { key: [ConversationId, number]; value: EventPage; indexes: { ids: number; to: number } }
  ranges: { key: ConversationId; value: readonly Range[] }
  /** How many bytes of a log are held. */
  sizes: { key: ConversationId; value: number }
  conversations: { key: ConversationId; value: StoredConversation }
  snapshots: { key: ConversationId; value: Uint8Array }
  profiles: { key: UserId; value: rest.User }
  /** Small things that are known, each under a name of its own. */
  records: { key: string; value: unknown }
  /** What waits because of files, by its place. */
  held: { key: number; value: HeldMessage }
  /** Of what is held. */
  files: { key: AttachmentId; value: Blob }
}
