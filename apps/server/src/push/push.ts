import { createHash } from 'node:crypto'
import {
  type ConversationId,
  levelNow,
  type Millis,
  type NotificationLevel,
  type Preferences,
  type PushMessage,
  type rest,
  type UserId,
} from '@parley/protocol'
import type { Committed } from '../log/bus.ts'
import type { Logger } from '../logger.ts'
import { NotSent, type Transport } from '../notifications/dispatcher.ts'
import type { Db } from '../queries/db.ts'
import { encrypted } from './encryption.ts'
import { type Content, contentOf, pushMessage } from './message.ts'
import { OrdinaryMessages } from './ordinary.ts'
import type { Delivery, Post } from './post.ts'
import {
  devicesOf,
  dropEndpoint,
  dropSubscription,
  keepSubscription,
  preferencesOf,
  type Reachable,
  receiverOf,
} from './subscriptions.ts'
import { openVapid, type Vapid } from './vapid.ts'

export interface PushOptions {
  readonly db: Db
  readonly now: () => Millis
  readonly logger: Logger
  /** Whom a push service can turn to: a mailto: or https: address. */
  readonly subject: string
  readonly post: Post
}

/** Wakes the devices of people who have none connected. */
export interface Push {
  /** What browsers subscribe with. */
  key(): Promise<string>
  subscribe(user: UserId, session: string, subscription: rest.SubscribePush): Promise<void>
  unsubscribe(session: string): Promise<void>
  /** Sends what waits for people as notifications. */
  readonly transport: Transport
  /** Tells of what is nobody's notification to those who want to be told everything. */
  heard(committed: Committed): void
  /** Resolves when what is under way has been sent. */
  close(): Promise<void>
}

/** A phone that was off for longer has more to show than one notification. */
const KEPT_SECONDS = 24 * 60 * 60

/** What is told, and where it belongs. */
interface Word {
  readonly about: Pick<rest.Notification, 'at' | 'conversation' | 'seq'> & Pick<PushMessage, 'kind'>
  readonly content: Content
}

export function createPush({ db, now, logger, subject, post }: PushOptions): Push {
  let vapid: Promise<Vapid> | undefined
  const opened = (): Promise<Vapid> =>
    (vapid ??= openVapid(db, subject).catch((error: unknown) => {
      vapid = undefined
      throw error
    }))

  const deliver = async (device: Reachable, { about, content }: Word): Promise<Delivery> => {
    const { user, endpoint, entries } = device
    const message = pushMessage(user, about, content, preferencesOf(entries))
    const body = encrypted(Buffer.from(JSON.stringify(message)), device)
    const headers = {
      Authorization: (await opened()).authorization(endpoint, now()),
      'Content-Type': 'application/octet-stream',
      'Content-Encoding': 'aes128gcm',
      'Content-Length': String(body.length),
      TTL: String(KEPT_SECONDS),
      Urgency: about.kind === 'message' ? 'normal' : 'high',
      // While the device is off, a newer word of the same conversation takes the place of an older one.
      ...(about.conversation !== undefined && { Topic: topicOf(user, about.conversation) }),
    }
    const delivery = await post(endpoint, headers, body)
    if (delivery === 'gone') await dropEndpoint(db, endpoint)
    return delivery
  }

  const ordinary = new OrdinaryMessages({ db, now, logger, deliver })

  return {
    key: async () => (await opened()).publicKey,
    subscribe: async (user, session, subscription) =>
      await keepSubscription(db, user, Buffer.from(session, 'hex'), receiverOf(subscription), now()),
    unsubscribe: (session) => dropSubscription(db, Buffer.from(session, 'hex')),
    transport: {
      name: 'push',
      async send(user, notification) {
        const devices = await certainly(devicesOf(db, user, now()))
        const [first] = devices
        if (first === undefined) return
        const content = await certainly(contentOf(db, notification))
        if (content === undefined) return
        if (!isWanted(notification, content, preferencesOf(first.entries), now())) return
        await certainly(opened())
        const told = await Promise.allSettled(
          devices.map((device) => deliver(device, { about: notification, content })),
        )
        // Told on one device is told: the others are not tried again, because that one would be too (R3).
        const isUntold = told.every(
          (each) => each.status === 'fulfilled' && each.value !== 'taken' && each.value !== 'refused',
        )
        if (isUntold && told.some((each) => each.status === 'fulfilled' && each.value === 'later'))
          throw new NotSent('the push service did not take it')
        for (const each of told) {
          if (each.status === 'rejected')
            logger.warn({ err: each.reason as unknown, user }, 'a push message may have been lost')
          else if (each.value === 'refused') logger.warn({ user }, 'a push service has refused a message')
        }
      },
    },
    heard: (committed) => ordinary.heard(committed),
    close: () => ordinary.close(),
  }
}

/** Nothing was sent when what it is made of cannot be had. */
async function certainly<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (cause) {
    throw new NotSent('what is to be sent could not be read', { cause })
  }
}

/** Push services take 32 letters, and need not learn which conversation it is. */
const topicOf = (user: UserId, conversation: ConversationId): string =>
  createHash('sha256').update(`${user} ${conversation}`).digest('base64url').slice(0, 32)

/** What a conversation's level must be for a notification of each kind; null: it is not about what is said in one. */
const ASKS_FOR: Readonly<Record<rest.NotificationKind, readonly NotificationLevel[] | null>> = {
  mention: ['all', 'mentions'],
  reply: ['all', 'mentions'],
  direct: ['all'],
  added: null,
  friend_request: null,
  request_accepted: null,
}

function isWanted(
  { kind, conversation }: rest.Notification,
  content: Content,
  preferences: Preferences,
  now: Millis,
): boolean {
  const levels = ASKS_FOR[kind]
  if (levels === null || conversation === undefined) return true
  return levels.includes(levelNow(preferences, conversation, content.kind ?? 'group', now))
}
