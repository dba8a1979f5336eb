import { setTimeout as pause } from 'node:timers/promises'
import type { Connection } from '@hocuspocus/server'
import type { DocumentName, Millis, UserId } from '@parley/protocol'
import type { Appender } from '../log/appender.ts'
import type { Logger } from '../logger.ts'
import type { Presence } from '../presence/presence.ts'
import type { Notices } from './notices.ts'
import type { Peer } from './peer.ts'

const FIRST_RETRY_MS = 500
const MAX_RETRY_MS = 10_000

export interface GreetOptions {
  readonly appender: Appender
  readonly notices: Notices
  readonly presence: Presence
  readonly logger: Logger
}

/** What a connection hears once its document is open; never rejects, because that would deny an open document. */
export async function greet(
  options: GreetOptions,
  connection: Connection,
  peer: Peer,
  user: UserId,
  name: DocumentName,
): Promise<void> {
  const { appender, notices, presence } = options
  if (name.kind === 'account') {
    const arrival = presence.opened(connection, peer, user)
    // After the first answer to its sync, so that a greeted device has its document.
    await connection.waitForPendingMessages()
    void welcome(options, connection, user, arrival)
    return
  }
  // Between the permission and the open document the membership may have ended (S4).
  const stored = await appender.read(name.conversation).catch(() => undefined)
  if (stored === undefined) connection.close({ code: 4503, reason: 'unavailable' })
  else if (stored.is !== 'present' || !stored.conversation.members.has(user))
    connection.close({ code: 4403, reason: 'forbidden' })
  else if (stored.conversation.kind !== 'channel') {
    void untilSaid(options, connection, () => notices.allReads(connection, name.conversation))
  }
}

/** What a device hears first, in this order: the greeting, what waits for it, who is online. */
async function welcome(
  options: GreetOptions,
  connection: Connection,
  user: UserId,
  arrival: Promise<Millis | null | undefined>,
): Promise<void> {
  const { notices, presence } = options
  const lastActiveAt = await arrival
  if (lastActiveAt === undefined || !connection.document.hasConnection(connection)) return
  notices.hello(connection, lastActiveAt)
  await untilSaid(options, connection, () => presence.here(connection, user, lastActiveAt))
  presence.listen(connection, user)
}

/** While the database is away a connection stays, and reads; it is told when that can be told (N3). */
async function untilSaid(
  { logger }: GreetOptions,
  connection: Connection,
  say: () => Promise<void>,
): Promise<void> {
  for (
    let retryMs = FIRST_RETRY_MS;
    connection.document.hasConnection(connection);
    retryMs = Math.min(retryMs * 2, MAX_RETRY_MS)
  ) {
    try {
      await say()
      return
    } catch (error) {
      logger.debug(
        { err: error, document: connection.document.name },
        'a connection could not be greeted yet',
      )
    }
    await pause(retryMs, undefined, { ref: false })
  }
}
