import { type Limits, type Millis, unreachable } from '@parley/protocol'
import type { Auth } from './auth/auth.ts'
import { type Collab, createCollab } from './collab/collab.ts'
import { createFriendCommands } from './commands/friends.ts'
import { createCommandHandler } from './commands/handler.ts'
import type { CommandHandler } from './commands/outcome.ts'
import type { Announcement } from './db/announcement.ts'
import { AnnouncementListener } from './db/announcements.ts'
import type { Database } from './db/database.ts'
import { Appender } from './log/appender.ts'
import { Bus, type Listener } from './log/bus.ts'
import { createRates, type Rates } from './limits/rates.ts'
import type { Logger } from './logger.ts'
import { deliverWaiting } from './notifications/deliver.ts'
import { type Transport, Dispatcher } from './notifications/dispatcher.ts'
import { createNotifications, type Notifications } from './notifications/notifications.ts'
import { eventsAfter } from './queries/events.ts'
import { createPresence, type Presence } from './presence/presence.ts'
import { createPositions, type Positions } from './reading/positions.ts'
import { Indexer } from './search/indexer.ts'

export interface CoreOptions {
  readonly db: Database
  readonly auth: Auth
  readonly limits: Limits
  /** Shared with whatever else draws on the same budgets; otherwise its own. */
  readonly rates?: Rates
  readonly logger: Logger
  readonly now: () => Millis
  readonly publicUrl?: string | undefined
  /** How many proxies stand in front and append to X-Forwarded-For. */
  readonly trustProxy?: number
  /** What reaches people who are away. */
  readonly transports?: readonly Transport[]
  /** Is told of every commit, and must not fail. */
  readonly heard?: Listener
}

/** What decides, stores and shows: everything of a node but its HTTP routes. */
export interface Core {
  readonly handler: CommandHandler
  readonly positions: Positions
  readonly notifications: Notifications
  readonly presence: Presence
  readonly collab: Collab
  /** Finishes what has been accepted, saves documents and asks clients to connect elsewhere [N4]. */
  close(): Promise<void>
}

export function createCore({
  db,
  auth,
  limits,
  rates: shared,
  trustProxy = 0,
  logger,
  now,
  publicUrl,
  transports = [],
  heard,
}: CoreOptions): Core {
  const rates = shared ?? createRates({ limits, now })
  const bus = new Bus((error) =>
    logger.error({ err: error }, 'an append was stored, but not shown everywhere'),
  )
  const transportNames = transports.map(({ name }) => name)
  const notifications = createNotifications({ db: db.kysely, now, transports: transportNames })
  const appender = new Appender({
    pool: db.pool,
    writers: db.writers,
    bus,
    now,
    logger,
    transports: transportNames,
    eventsAfter: (conversation, after, limit) => eventsAfter(db.kysely, conversation, after, limit),
  })
  const friends = createFriendCommands(db.kysely, notifications, (users) => {
    for (const user of users) collab.changed(user, 'friends')
    presence.relationsChanged(users)
  })
  const handler = createCommandHandler({ appender, friends, limits, now })
  const positions = createPositions(db.kysely, notifications)
  const presence = createPresence({ pool: db.pool, bus, now, logger })
  const collab = createCollab({
    db,
    appender,
    bus,
    handler,
    positions,
    presence,
    auth,
    limits,
    rates,
    trustProxy,
    now,
    logger,
    publicUrl,
  })
  const hear = (announced: Announcement): void | Promise<void> => {
    switch (announced.about) {
      case 'log':
        return appender.heard(announced.conversation, announced.after)
      case 'credentials':
        return auth.recheck(announced.user)
      case 'end':
        return presence.ended(announced.user, {
          friends: new Set(announced.friends),
          conversations: new Set(announced.conversations),
          blocks: new Set(announced.blocks),
        })
      case 'lists':
        for (const user of announced.users) collab.changed(user, announced.what)
        if (announced.what === 'friends') presence.relationsChanged(announced.users)
        return
      default:
        return unreachable(announced)
    }
  }
  const announcements = new AnnouncementListener({ url: db.url, db: db.kysely, logger, hear })
  const dispatcher = new Dispatcher({ db: db.kysely, transports, now, logger })
  const indexer = new Indexer({ db: db.kysely, bus, logger })

  presence.onHere((connection, user) => deliverWaiting(notifications, connection, user))
  presence.onGone((user, lastHeardAt) => notifications.leaveMissed(user, lastHeardAt))
  bus.subscribe(({ notified }) => notifications.announce({ is: 'notified', notified }))
  if (heard !== undefined) bus.subscribe(heard)
  notifications.onChange((change) => {
    if (change.is === 'withdrawn') {
      const { user, notifications: ids } = change
      collab.tell(user, { type: 'withdrawn', notifications: [...ids] })
      return
    }
    // Who comes back at this very moment was still away when it was stored.
    for (const { user, notification } of change.notified)
      collab.tell(user, { type: 'notification', ...notification })
    dispatcher.wake()
  })

  return {
    handler,
    positions,
    notifications,
    presence,
    collab,
    async close() {
      await announcements.close()
      await collab.close()
      await presence.close()
      await dispatcher.close()
      await indexer.close()
    },
  }
}
