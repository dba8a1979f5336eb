import { createECDH, createPrivateKey, type KeyObject, sign } from 'node:crypto'
import type { Millis } from '@parley/protocol'
import type { Db } from '../queries/db.ts'

/** By what push services know that it is the same server that a browser subscribed to (RFC 8292). */
export interface Vapid {
  /** What browsers are given: base64url. */
  readonly publicKey: string
  /** The header by which a request to this endpoint is ours. */
  authorization(endpoint: string, now: Millis): string
}

/** Push services accept up to a day, by their own clock. */
const VALID_MS = 12 * 60 * 60_000

/** The server's keys, made by whichever node asks first and kept for good: with others, every subscription would be void. */
export async function openVapid(db: Db, subject: string): Promise<Vapid> {
  const made = createECDH('prime256v1')
  made.generateKeys()
  await db
    .insertInto('push_keys')
    .values({ public_key: made.getPublicKey(), private_key: padded(made.getPrivateKey()) })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const row = await db.selectFrom('push_keys').select(['public_key', 'private_key']).executeTakeFirstOrThrow()
  const publicKey = row.public_key.toString('base64url')
  const key = keyOf(row.public_key, row.private_key)
  return {
    publicKey,
    authorization: (endpoint, now) => {
      const claims = {
        aud: new URL(endpoint).origin,
        exp: Math.floor((now + VALID_MS) / 1000),
        sub: subject,
      }
      const said = `${encoded({ typ: 'JWT', alg: 'ES256' })}.${encoded(claims)}`
      const signature = sign('sha256', Buffer.from(said), { key, dsaEncoding: 'ieee-p1363' })
      return `vapid t=${said}.${signature.toString('base64url')}, k=${publicKey}`
    },
  }
}

/** A number that begins with zeros comes without them. */
const padded = (bytes: Buffer): Buffer => Buffer.concat([Buffer.alloc(32 - bytes.length), bytes])

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const keyOf = (point: Buffer, secret: Buffer): KeyObject =>
  createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
      d: secret.toString('base64url'),
    },
  })
