import { setTimeout as pause } from 'node:timers/promises'
import type { Connection } from '@hocuspocus/server'
import type { DocumentName, UserId } from '@parley/protocol'
import type { Appender } from '../log/appender.ts'
import type { Logger } from '../logger.ts'
import type { Notices } from './notices.ts'

const FIRST_RETRY_MS = 500
const MAX_RETRY_MS = 10_000

export interface GreetOptions {
  readonly appender: Appender
  readonly notices: Notices
  readonly logger: Logger
}

/** What a connection hears once its document is open; never rejects, because that would deny an open document. */
export async function greet(
  options: GreetOptions,
  connection: Connection,
  user: UserId,
  name: DocumentName,
): Promise<void> {
  const { appender, notices } = options
  if (name.kind === 'account') {
    // After the first answer to its sync, so that a greeted device has its document.
    await connection.waitForPendingMessages()
    void untilSaid(options, connection, () => notices.hello(connection, user))
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
