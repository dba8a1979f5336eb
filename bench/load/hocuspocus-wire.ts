import * as encoding from 'lib0/encoding'

/**
 * The frames of the Hocuspocus protocol (@hocuspocus/common, provider and server 4.7.0) that a
 * client sends, and the head of those it receives: varString(document) varUint(type) …
 */
const SYNC = 0
const AUTH = 2
const QUERY_AWARENESS = 3
const SYNC_STATUS = 8
const AUTH_TOKEN = 0
const AUTH_DENIED = 1
const STEP_1 = 0
const STEP_2 = 1
const UPDATE = 2
const PROVIDER_VERSION = '4.7.0'

/** A Yjs state vector, and an update, of nothing. */
const EMPTY_VECTOR = Uint8Array.of(0)
const EMPTY_UPDATE = Uint8Array.of(0, 0)

function frame(document: string, write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeVarString(encoder, document)
  write(encoder)
  return encoding.toUint8Array(encoder)
}

export const tokenFrame = (document: string, token: string): Uint8Array =>
  frame(document, (encoder) => {
    encoding.writeVarUint(encoder, AUTH)
    encoding.writeVarUint(encoder, AUTH_TOKEN)
    encoding.writeVarString(encoder, token)
    encoding.writeVarString(encoder, PROVIDER_VERSION)
  })

const syncFrame = (document: string, step: number, payload: Uint8Array): Uint8Array =>
  frame(document, (encoder) => {
    encoding.writeVarUint(encoder, SYNC)
    encoding.writeVarUint(encoder, step)
    encoding.writeVarUint8Array(encoder, payload)
  })

export const step1Frame = (document: string, stateVector: Uint8Array = EMPTY_VECTOR): Uint8Array =>
  syncFrame(document, STEP_1, stateVector)
export const step2Frame = (document: string, update: Uint8Array = EMPTY_UPDATE): Uint8Array =>
  syncFrame(document, STEP_2, update)
export const updateFrame = (document: string, update: Uint8Array): Uint8Array =>
  syncFrame(document, UPDATE, update)

/** Keeps a connection that only listens from being closed as idle; nobody is told of it. */
export const keepAliveFrame = (document: string): Uint8Array =>
  frame(document, (encoder) => encoding.writeVarUint(encoder, QUERY_AWARENESS))

export type Received =
  | 'denied'
  /** The server asks what we have: a provider answers with step 2. */
  | 'step-1'
  /** What the document held when we attached. */
  | 'step-2'
  | 'update'
  /** An update or step 2 of ours has been applied. */
  | 'applied'
  | 'not-applied'
  | 'other'

/** Lengths of document names here are below 128, so that they take one byte. */
export const nameLength = (bytes: Buffer): number => bytes[0] ?? 0
export const documentOf = (bytes: Buffer): string => bytes.toString('latin1', 1, 1 + nameLength(bytes))

export function whatIs(bytes: Buffer): Received {
  const at = 1 + nameLength(bytes)
  const next = bytes[at + 1]
  switch (bytes[at]) {
    case SYNC:
      return next === UPDATE ? 'update' : next === STEP_2 ? 'step-2' : 'step-1'
    case SYNC_STATUS:
      return next === 1 ? 'applied' : 'not-applied'
    case AUTH:
      return next === AUTH_DENIED ? 'denied' : 'other'
    default:
      return 'other'
  }
}

/** The update inside a step 2 or update frame. */
export function payloadOf(bytes: Buffer): Buffer {
  let at = 1 + nameLength(bytes) + 2
  while (((bytes[at] ?? 0) & 0x80) !== 0) at += 1
  return bytes.subarray(at + 1)
}
