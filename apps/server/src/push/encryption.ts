import { createCipheriv, createECDH, type ECDH, hkdfSync, randomBytes } from 'node:crypto'

/** What a browser gives out with a subscription: only it can read what is encrypted for these. */
export interface Receiver {
  /** A point on P-256, uncompressed. */
  readonly p256dh: Uint8Array
  readonly auth: Uint8Array
}

const CURVE = 'prime256v1'
const POINT_BYTES = 65
const AUTH_BYTES = 16
/** One record holds all: push services take no more than 4096 bytes. */
const RECORD_BYTES = 4096
/** What is left in it for the message: without the header, the sign of its end and the seal. */
export const MAX_PLAIN_BYTES = RECORD_BYTES - (16 + 4 + 1 + POINT_BYTES) - 1 - 16

/** Whether something can be encrypted for it at all. */
export function isReceiver({ p256dh, auth }: Receiver): boolean {
  if (p256dh.length !== POINT_BYTES || auth.length !== AUTH_BYTES) return false
  try {
    newKeys().computeSecret(p256dh)
    return true
  } catch {
    // Not on the curve.
    return false
  }
}

function newKeys(): ECDH {
  const keys = createECDH(CURVE)
  keys.generateKeys()
  return keys
}

/** A message for one browser, as push services carry it (RFC 8291 over RFC 8188); fresh keys and salt for each. */
export function encrypted(
  plain: Uint8Array,
  { p256dh, auth }: Receiver,
  keys: ECDH = newKeys(),
  salt: Uint8Array = randomBytes(16),
): Buffer {
  const own = keys.getPublicKey()
  const secret = keys.computeSecret(p256dh)
  const material = derive(secret, auth, Buffer.concat([Buffer.from('WebPush: info\0'), p256dh, own]), 32)
  const key = derive(material, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16)
  const nonce = derive(material, salt, Buffer.from('Content-Encoding: nonce\0'), 12)
  const cipher = createCipheriv('aes-128-gcm', key, nonce)
  const size = Buffer.alloc(4)
  size.writeUInt32BE(RECORD_BYTES)
  // The 2 says that this record is the last.
  const sealed = [cipher.update(plain), cipher.update(Buffer.of(2)), cipher.final(), cipher.getAuthTag()]
  return Buffer.concat([salt, size, Buffer.of(own.length), own, ...sealed])
}

const derive = (secret: Uint8Array, salt: Uint8Array, info: Uint8Array, bytes: number): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, info, bytes))
