import type { Limits, Millis } from '@parley/protocol'
import type { Auth } from './auth/auth.ts'
import { type Collab, createCollab } from './collab/collab.ts'
import { createFriendCommands } from './commands/friends.ts'
import { createCommandHandler } from './commands/handler.ts'
import type { CommandHandler } from './commands/outcome.ts'
import type { Database } from './db/database.ts'
import { Appender } from './log/appender.ts'
import { Bus } from './log/bus.ts'
import type { Logger } from './logger.ts'
import { eventsAfter } from './queries/events.ts'
import { createPositions, type Positions } from './reading/positions.ts'

export interface CoreOptions {
  readonly db: Database
  readonly auth: Auth
  readonly limits: Limits
  readonly logger: Logger
  readonly now: () => Millis
  readonly publicUrl?: string | undefined
}

/** What decides, stores and shows: everything of a node but its HTTP routes. */
export interface Core {
  readonly handler: CommandHandler
  readonly positions: Positions
  readonly collab: Collab
}

export function createCore({ db, auth, limits, logger, now, publicUrl }: CoreOptions): Core {
  const bus = new Bus((error) =>
    logger.error({ err: error }, 'an append was stored, but not shown everywhere'),
  )
  const appender = new Appender({
    pool: db.pool,
    writers: db.writers,
    bus,
    now,
    logger,
    eventsAfter: (conversation, after, limit) => eventsAfter(db.kysely, conversation, after, limit),
  })
  const friends = createFriendCommands(db.kysely, (users) => {
    for (const user of users) collab.changed(user, 'friends')
  })
  const handler = createCommandHandler({ appender, friends, limits, now })
  const positions = createPositions(db.kysely)
  const collab = createCollab({ db, appender, bus, handler, positions, auth, limits, now, logger, publicUrl })
  return { handler, positions, collab }
}
