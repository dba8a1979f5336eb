import type { AttachmentId, ConversationId, Event, rest, UserId } from '@parley/protocol'
import type { DBSchema } from 'idb'
import type { Range, StoredConversation } from '../store.ts'
import type { HeldMessage } from '../uploads/held-message.ts'

/** A person's database: everything this device keeps for them, in one place with one quota and one fate. */
export interface PersonDatabase extends DBSchema {
  account: { key: number; value: Uint8Array }
  /** By [conversation, seq]. An event's id is unique over all conversations. */
  events: { key: [ConversationId, number]; value: Event; indexes: { id: string; to: string } }
  ranges: { key: ConversationId; value: readonly Range[] }
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
