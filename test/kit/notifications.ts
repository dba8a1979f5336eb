import { createNotifications, type Notifications } from '../../apps/server/src/notifications/notifications.ts'
import type { Db } from '../../apps/server/src/queries/db.ts'

/** Notifications that only wait, as in a server that sends none. */
export const waitingOnly = (db: Db): Notifications =>
  createNotifications({ db, now: Date.now, transports: [] })
