import {
  createDecoder,
  hasContent,
  readUint8,
  readVarString,
  readVarUint,
  readVarUint8Array,
} from 'lib0/decoding'
import {
  createEncoder,
  type Encoder,
  toUint8Array,
  writeVarString,
  writeVarUint,
  writeVarUint8Array,
} from 'lib0/encoding'

/** The kinds of frame of Hocuspocus 4, by hand: what any program may send, a provider or not. */
export const FRAME = {
  sync: 0,
  awareness: 1,
  auth: 2,
  queryAwareness: 3,
  syncReply: 4,
  stateless: 5,
  broadcastStateless: 6,
  close: 7,
  syncStatus: 8,
  ping: 9,
  pong: 10,
} as const

const frame = (document: string, type: number, write?: (encoder: Encoder) => void): Uint8Array => {
  const encoder = createEncoder()
  writeVarString(encoder, document)
  writeVarUint(encoder, type)
  write?.(encoder)
  return toUint8Array(encoder)
}

const sync = (document: string, step: number, bytes: Uint8Array, type: number = FRAME.sync): Uint8Array =>
  frame(document, type, (encoder) => {
    writeVarUint(encoder, step)
    writeVarUint8Array(encoder, bytes)
  })

export const authFrame = (document: string, token: string): Uint8Array =>
  frame(document, FRAME.auth, (encoder) => {
    writeVarUint(encoder, 0)
    writeVarString(encoder, token)
    writeVarString(encoder, '4.7.0')
  })
export const syncStep1Frame = (document: string, stateVector: Uint8Array): Uint8Array =>
  sync(document, 0, stateVector)
export const syncStep2Frame = (document: string, update: Uint8Array): Uint8Array => sync(document, 1, update)
export const syncReplyFrame = (document: string, update: Uint8Array): Uint8Array =>
  sync(document, 1, update, FRAME.syncReply)
export const updateFrame = (document: string, update: Uint8Array): Uint8Array => sync(document, 2, update)
export const awarenessFrame = (document: string, update: Uint8Array): Uint8Array =>
  frame(document, FRAME.awareness, (encoder) => writeVarUint8Array(encoder, update))
export const queryAwarenessFrame = (document: string): Uint8Array => frame(document, FRAME.queryAwareness)
export const closeFrame = (document: string): Uint8Array => frame(document, FRAME.close)
export const statelessFrame = (
  document: string,
  payload: string,
  type: number = FRAME.stateless,
): Uint8Array => frame(document, type, (encoder) => writeVarString(encoder, payload))

/** An awareness update as y-protocols encodes it, for any client ids and any states. */
export function awarenessUpdate(
  states: readonly { client: number; clock: number; state: unknown }[],
): Uint8Array {
  const encoder = createEncoder()
  writeVarUint(encoder, states.length)
  for (const { client, clock, state } of states) {
    writeVarUint(encoder, client)
    writeVarUint(encoder, clock)
    writeVarString(encoder, typeof state === 'string' ? state : JSON.stringify(state))
  }
  return toUint8Array(encoder)
}

/** A frame from the server, as far as a test asks about it. */
export type Answer =
  | { readonly type: 'auth'; readonly document: string; readonly granted: boolean; readonly reason: string }
  | { readonly type: 'sync'; readonly document: string; readonly step: number; readonly bytes: Uint8Array }
  | { readonly type: 'awareness'; readonly document: string; readonly states: ReadonlyMap<number, unknown> }
  | { readonly type: 'stateless'; readonly document: string; readonly payload: string }
  | { readonly type: 'syncStatus'; readonly document: string; readonly applied: boolean }
  | { readonly type: 'close'; readonly document: string; readonly reason: string }
  | { readonly type: 'other'; readonly document: string; readonly kind: number }

export function readFrame(data: Uint8Array): Answer | 'ping' {
  if (data.length === 1 && readUint8(createDecoder(data)) === FRAME.ping) return 'ping'
  const decoder = createDecoder(data)
  const document = readVarString(decoder)
  const kind = readVarUint(decoder)
  switch (kind) {
    case FRAME.auth: {
      const granted = readVarUint(decoder) === 2
      return { type: 'auth', document, granted, reason: hasContent(decoder) ? readVarString(decoder) : '' }
    }
    case FRAME.sync:
    case FRAME.syncReply: {
      const step = readVarUint(decoder)
      return { type: 'sync', document, step, bytes: readVarUint8Array(decoder) }
    }
    case FRAME.awareness: {
      const inner = createDecoder(readVarUint8Array(decoder))
      const states = new Map<number, unknown>()
      for (let left = readVarUint(inner); left > 0; left--) {
        const client = readVarUint(inner)
        readVarUint(inner)
        states.set(client, JSON.parse(readVarString(inner)))
      }
      return { type: 'awareness', document, states }
    }
    case FRAME.stateless:
      return { type: 'stateless', document, payload: readVarString(decoder) }
    case FRAME.syncStatus:
      return { type: 'syncStatus', document, applied: readVarUint(decoder) === 1 }
    case FRAME.close:
      return { type: 'close', document, reason: hasContent(decoder) ? readVarString(decoder) : '' }
    default:
      return { type: 'other', document, kind }
  }
}
