import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto'
import type { PushMessage, rest } from '@parley/protocol'
import type { Delivery, Post } from '../../apps/server/src/push/post.ts'

export interface Received {
  readonly message: PushMessage
  readonly headers: Readonly<Record<string, string>>
}

/** A browser that has subscribed: it alone can read what is sent to it. */
export interface Subscriber {
  readonly subscription: rest.SubscribePush
  /** What came for it, decrypted, in the order it came. */
  readonly received: readonly Received[]
  /** What the push service says from now on instead of taking it. */
  answer(delivery: Delivery | Error | undefined): void
}

export interface PushService {
  readonly post: Post
  subscriber(): Subscriber
  /** How often anything was handed to it, taken or not. */
  readonly asked: number
}

/** A push service with its browsers, in memory: believes nobody who does not sign, and reads nothing. */
export function pushService(): PushService {
  const boxes = new Map<string, (headers: Readonly<Record<string, string>>, body: Buffer) => Delivery>()
  let asked = 0
  return {
    get asked() {
      return asked
    },
    post: async (endpoint, headers, body) => {
      asked += 1
      requireSigned(endpoint, headers['Authorization'] ?? '')
      return boxes.get(endpoint)?.(headers, Buffer.from(body)) ?? 'gone'
    },
    subscriber: () => {
      const keys = createECDH('prime256v1')
      keys.generateKeys()
      const auth = randomBytes(16)
      const endpoint = `https://fcm.googleapis.com/fcm/send/${randomBytes(8).toString('hex')}`
      const received: Received[] = []
      let answer: Delivery | Error | undefined
      boxes.set(endpoint, (headers, body) => {
        if (answer instanceof Error) throw answer
        if (answer !== undefined) return answer
        received.push({ headers, message: JSON.parse(decrypted(body, keys, auth).toString()) as PushMessage })
        return 'taken'
      })
      return {
        received,
        subscription: {
          endpoint,
          keys: { p256dh: keys.getPublicKey('base64url'), auth: auth.toString('base64url') },
        },
        answer: (delivery) => {
          answer = delivery
        },
      }
    },
  }
}

/** As a browser reads it (RFC 8291), written from the receiver's side. */
function decrypted(body: Buffer, keys: ReturnType<typeof createECDH>, auth: Buffer): Buffer {
  const salt = body.subarray(0, 16)
  const idLength = body.readUInt8(20)
  const sender = body.subarray(21, 21 + idLength)
  const sealed = body.subarray(21 + idLength)
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), keys.getPublicKey(), sender])
  const material = Buffer.from(hkdfSync('sha256', keys.computeSecret(sender), auth, info, 32))
  const part = (what: string, bytes: number): Buffer =>
    Buffer.from(hkdfSync('sha256', material, salt, Buffer.from(`Content-Encoding: ${what}\0`), bytes))
  const decipher = createDecipheriv('aes-128-gcm', part('aes128gcm', 16), part('nonce', 12))
  decipher.setAuthTag(sealed.subarray(-16))
  const plain = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()])
  return plain.subarray(0, plain.lastIndexOf(2))
}

function requireSigned(endpoint: string, authorization: string): void {
  const [, said = '', signature = '', key = ''] =
    /^vapid t=([\w-]+\.[\w-]+)\.([\w-]+), k=([\w-]+)$/.exec(authorization) ?? []
  const point = Buffer.from(key, 'base64url')
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  }
  const isSigned = verify(
    'sha256',
    Buffer.from(said),
    { key: createPublicKey({ format: 'jwk', key: jwk }), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  const claims = JSON.parse(Buffer.from(said.split('.')[1] ?? '', 'base64url').toString()) as { aud: string }
  if (!isSigned || claims.aud !== new URL(endpoint).origin) throw new Error('the request is not signed')
}
