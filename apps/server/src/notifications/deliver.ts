import type { Connection } from '@hocuspocus/server'
import type { AccountMessage, NotificationId, UserId } from '@parley/protocol'
import type { Notifications } from './notifications.ts'

const PAGE = 200

/** Tells a device that has just connected what has happened in the meantime, oldest first. They go on waiting until they are acknowledged. */
export async function deliverWaiting(
  notifications: Pick<Notifications, 'waiting'>,
  connection: Pick<Connection, 'sendStateless'>,
  user: UserId,
): Promise<void> {
  let after: NotificationId | undefined
  for (;;) {
    const page = await notifications.waiting(user, PAGE, after)
    for (const notification of page) {
      const message: AccountMessage = { type: 'notification', ...notification }
      connection.sendStateless(JSON.stringify(message))
    }
    if (page.length < PAGE) return
    after = page.at(-1)?.id
  }
}
