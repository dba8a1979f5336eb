import type { Conversation, Limits, Millis, UserId } from '@parley/protocol'
import { createCommandHandler } from '../commands/handler.ts'
import type { CommandHandler } from '../commands/outcome.ts'
import type { Announcement } from '../db/announcement.ts'
import { announce } from '../db/announcements.ts'
import type { Database } from '../db/database.ts'
import { Appender } from '../log/appender.ts'
import { Bus, type Committed } from '../log/bus.ts'
import type { Logger } from '../logger.ts'
import { eventsAfter } from '../queries/events.ts'

export interface Door {
  readonly appender: Appender
  readonly handler: CommandHandler
  /** Resolves when everything that was committed has been announced. */
  close(): Promise<void>
}

export interface DoorOptions {
  readonly database: Database
  readonly limits: Limits
  readonly logger: Logger
  readonly now: () => Millis
}

/**
 * The way into conversations for a command that runs beside the servers: the same appender and the
 * same rules. What it commits is announced, so that servers show it to those who are there.
 */
export function openDoor({ database, limits, logger, now }: DoorOptions): Door {
  const bus = new Bus((err) => logger.error({ err }, 'an append could not be announced'))
  const announced: Promise<void>[] = []
  bus.subscribe((committed) => void announced.push(announce(database.kysely, announcementsOf(committed))))
  const appender = new Appender({
    pool: database.pool,
    writers: database.writers,
    bus,
    now,
    logger,
    // What is done from here leaves nobody a notification.
    transports: [],
    eventsAfter: (conversation, after, limit) => eventsAfter(database.kysely, conversation, after, limit),
  })
  const friends = () => Promise.reject(new Error('nobody is befriended from the command line'))
  return {
    appender,
    handler: createCommandHandler({ appender, friends, limits, now }),
    async close() {
      await appender.close()
      await Promise.all(announced)
    },
  }
}

/** A server may know nothing of the state before: whose list is another now only we can say. */
function announcementsOf({ conversation, events, before, after }: Committed): Announcement[] {
  const firstSeq = events[0]?.seq ?? (before?.tip.seq ?? 0) + 1
  const users = movedBetween(before, after)
  return [
    { about: 'log', conversation, after: firstSeq - 1 },
    ...(users.length > 0 ? [{ about: 'lists', users, what: 'conversations' } as const] : []),
  ]
}

function movedBetween(before: Conversation | undefined, after: Conversation | undefined): UserId[] {
  const either = new Set([...(before?.members.keys() ?? []), ...(after?.members.keys() ?? [])])
  return [...either].filter((user) => before?.members.has(user) !== after?.members.has(user))
}
