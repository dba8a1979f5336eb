import type { Limits, Millis } from '@parley/protocol'
import type { Registry } from 'prom-client'
import type { Attachments } from '../attachments/attachments.ts'
import type { Auth } from '../auth/auth.ts'
import type { Identity } from '../auth/identity.ts'
import type { CommandHandler } from '../commands/outcome.ts'
import type { Rates } from '../limits/rates.ts'
import type { Config } from '../config.ts'
import type { Logger } from '../logger.ts'
import type { Notifications } from '../notifications/notifications.ts'
import type { Push } from '../push/push.ts'
import type { Presence } from '../presence/presence.ts'
import type { Db } from '../queries/db.ts'
import type { Positions } from '../reading/positions.ts'

/** What the routes are made of. */
export interface ApiDeps {
  readonly db: Db
  readonly handler: CommandHandler
  readonly auth: Auth
  readonly positions: Positions
  readonly notifications: Notifications
  /** Every change to a profile is made by it, so that those who see the person hear of it. */
  readonly announce: Presence['announce']
  readonly attachments: Attachments
  readonly push: Pick<Push, 'key' | 'subscribe' | 'unsubscribe'>
  readonly limits: Limits
  readonly rates: Rates
  /** How many proxies stand in front and append to X-Forwarded-For. */
  readonly trustProxy: number
  /** Who may make an account. */
  readonly signUp: Config['signUp']
  /** The origin people use, when the `Host` header of a request is not it. */
  readonly publicUrl: string | undefined
  readonly now: () => Millis
  readonly logger: Logger
  readonly registry: Registry
}

/** What a request has found out on its way to its route. */
export interface ApiEnv {
  Variables: {
    identity: Identity
    /** Whose address limits a request counts against. */
    address: string
  }
}
