import type { AttachmentId, ConversationId, Event, EventId, rest, UserId } from '@parley/protocol'
import { addRange, removeRange, runsOf, spanOf } from '../archive/ranges.ts'
import {
  ACCOUNT_MOVE,
  accountMove,
  asideName,
  type DeviceStorage,
  FIRST_GENERATION,
  type Held,
  type Holding,
  type Identity,
  type Range,
  type Store,
  StoreError,
  type StoredConversation,
  type StoredUpdate,
} from './store.ts'
import { bytesOf } from '../archive/weight.ts'
import type { FileBytes } from '../uploads/held-message.ts'

/** Keeps everything for as long as the process lives: for bots, load tests and the simulation. */
export function memoryStorage(): DeviceStorage {
  let identity: Identity | undefined
  const stores = new Map<UserId, Store>()
  return {
    identity: async () => identity,
    setIdentity: async (next) => {
      identity = next
    },
    open: async (user) => {
      const store = stores.get(user) ?? memoryStore()
      stores.set(user, store)
      return store
    },
  }
}

interface HeldLog {
  readonly bySeq: Map<number, Event>
  readonly byId: Map<EventId, Event>
  ranges: readonly Range[]
  bytes: number
}

export function memoryStore(): Store {
  let updates: StoredUpdate[] = []
  let nextKey = 1
  const logs = new Map<ConversationId, HeldLog>()
  const conversations = new Map<ConversationId, StoredConversation>()
  const snapshots = new Map<ConversationId, Uint8Array>()
  const profiles = new Map<UserId, rest.User>()
  const records = new Map<string, unknown>()
  const held = new Map<number, Held>()
  const files = new Map<AttachmentId, FileBytes>()

  const generationNow = (): string =>
    accountMove.safeParse(records.get(ACCOUNT_MOVE)).data?.generation ?? FIRST_GENERATION
  const ascending = (conversation: ConversationId): Event[] =>
    [...(logs.get(conversation)?.bySeq.values() ?? [])].sort((a, b) => a.seq - b.seq)

  return {
    loadAccount: async () => [...updates],
    appendAccount: async (update, generation = FIRST_GENERATION) => {
      if (generation !== generationNow()) return undefined
      updates.push({ key: nextKey, update: update.slice() })
      return nextKey++
    },
    compactAccount: async (keys, merged, generation = FIRST_GENERATION) => {
      if (generation !== generationNow()) return undefined
      const replaced = new Set(keys)
      updates = [...updates.filter(({ key }) => !replaced.has(key)), { key: nextKey, update: merged.slice() }]
      return nextKey++
    },
    moveAccount: async (keys, state, move) => {
      if (generationNow() === move.generation) return (records.get(ACCOUNT_MOVE) as { key: number }).key
      if (generationNow() !== move.from || updates.some(({ key }) => !keys.includes(key))) return undefined
      updates = [{ key: nextKey, update: state.slice() }]
      records.set(ACCOUNT_MOVE, { ...move, key: nextKey })
      return nextKey++
    },
    setAside: async (keys) => {
      const damaged = new Set(keys)
      for (const { key, update } of updates) if (damaged.has(key)) records.set(asideName(key), update)
      updates = updates.filter(({ key }) => !damaged.has(key))
    },

    putEvents: async (conversation, events) => {
      const log = logs.get(conversation) ?? { bySeq: new Map(), byId: new Map(), ranges: [], bytes: 0 }
      logs.set(conversation, log)
      for (const event of events) {
        if (log.bySeq.has(event.seq)) continue
        log.bytes += bytesOf([event])
        log.bySeq.set(event.seq, event)
        log.byId.set(event.id, event)
      }
      for (const run of runsOf(events)) log.ranges = addRange(log.ranges, spanOf(run))
    },
    events: async (conversation, { after = 0, before = Infinity, limit, from }) => {
      const span = ascending(conversation).filter(({ seq }) => seq > after && seq < before)
      return from === 'oldest' ? span.slice(0, limit) : span.slice(Math.max(0, span.length - limit))
    },
    readable: async (conversation, { from, to }) =>
      ascending(conversation).filter(({ seq }) => seq >= from && seq <= to),
    dropEvents: async (conversation, span) => {
      const log = logs.get(conversation)
      if (log === undefined) return
      for (const event of ascending(conversation)) {
        if (event.seq < span.from || event.seq > span.to) continue
        log.bySeq.delete(event.seq)
        log.byId.delete(event.id)
        log.bytes -= bytesOf([event])
      }
      log.ranges = removeRange(log.ranges, span)
    },
    eventById: async (conversation, id) => logs.get(conversation)?.byId.get(id),
    reactionsTo: async (conversation, messages) => {
      const wanted = new Set(messages)
      return ascending(conversation).filter((event) => event.type === 'reaction' && wanted.has(event.to))
    },
    holdings: async () => {
      const holdings = new Map<ConversationId, Holding>()
      for (const [conversation, log] of logs) {
        const tip = log.bySeq.get(log.ranges.at(-1)?.to ?? 0)
        if (tip !== undefined) holdings.set(conversation, { ranges: log.ranges, tip, bytes: log.bytes })
      }
      return holdings
    },

    conversations: async () => new Map(conversations),
    putConversation: async (id, conversation) => {
      conversations.set(id, conversation)
    },
    forgetLog: async (id) => {
      logs.delete(id)
      snapshots.delete(id)
    },
    forgetConversation: async (id) => {
      logs.delete(id)
      snapshots.delete(id)
      conversations.delete(id)
    },

    snapshot: async (id) => snapshots.get(id),
    putSnapshot: async (id, state) => {
      snapshots.set(id, state)
    },
    keepSnapshots: async (ids) => {
      for (const id of [...snapshots.keys()]) if (!ids.has(id)) snapshots.delete(id)
    },

    profiles: async () => [...profiles.values()],
    putProfiles: async (added) => {
      for (const profile of added) profiles.set(profile.id, profile)
    },

    record: async (name) => records.get(name),
    putRecord: async (name, value) => {
      if (value === undefined) records.delete(name)
      else records.set(name, value)
    },
    changeRecord: async (name, change) => {
      records.set(name, change(records.get(name)))
    },

    heldMessages: async () => [...held.values()],
    hold: async (message, added) => {
      const copies = await Promise.all(
        [...added].map(async ([id, bytes]) => [id, await copied(bytes)] as const),
      )
      const place = nextKey++
      held.set(place, { place, message })
      for (const [id, bytes] of copies) files.set(id, bytes)
      return place
    },
    changeHeld: async (place, message) => {
      if (!held.has(place)) return false
      held.set(place, { place, message })
      return true
    },
    dropHeld: async (place) => {
      for (const { id } of held.get(place)?.message.files ?? []) files.delete(id)
      held.delete(place)
    },
    file: async (id) => files.get(id),

    wipe: async () => {
      updates = []
      for (const map of [logs, conversations, snapshots, profiles, records, held, files]) map.clear()
    },
    close: () => undefined,
  }
}

/** What the original becomes later is nothing to what is kept. */
async function copied(original: FileBytes): Promise<FileBytes> {
  try {
    return inMemory(await original.arrayBuffer())
  } catch (cause) {
    throw new StoreError('failed', 'a file could not be read', { cause })
  }
}

const inMemory = (buffer: ArrayBuffer): FileBytes => ({
  size: buffer.byteLength,
  slice: (start, end) => inMemory(buffer.slice(start, end)),
  arrayBuffer: async () => buffer,
})
