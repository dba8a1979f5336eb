import { newId, type UserId } from '@parley/protocol'
import type { Database } from '../../apps/server/src/db/database.ts'
import { createLogger } from '../../apps/server/src/logger.ts'
import { connectDevice, type Device, type Opened, startSyncServer, type SyncServer } from './sync-server.ts'
import { UNHURRIED } from './limits.ts'

/** What a device was told of somebody, last. */
export interface Seen {
  readonly online: boolean
  readonly lastActiveAt: number | null
}

/** One node for tests of who is there, on a clock that the test turns. */
export interface PresenceNode extends SyncServer {
  /** Whose last connection has ended, in the order it was said. */
  readonly gone: { user: UserId; lastHeardAt: number }[]
  /** A device of this person, with the account document open. Connects to `url` instead, if given. */
  connect(user: UserId, url?: string): Promise<Device>
}

export async function startPresenceNode(db: Database, now: () => number): Promise<PresenceNode> {
  const server = await startSyncServer(db, UNHURRIED, createLogger('silent'), now)
  const gone: PresenceNode['gone'] = []
  const devices: Device[] = []
  server.core.presence.onGone(async (user, lastHeardAt) => void gone.push({ user, lastHeardAt }))
  return {
    ...server,
    gone,
    async connect(user, url = server.url) {
      const { token } = await server.auth.tokens.create(user, newId())
      const device = connectDevice(url, user, token)
      devices.push(device)
      await hello(device)
      // What it has still to say of itself would be heard at whatever time it is by then.
      const { provider, until } = device.account()
      await until(() => provider.isSynced && !provider.hasUnsyncedChanges)
      return device
    },
    async close() {
      for (const device of devices) device.close()
      await server.close()
    },
  }
}

/** Resolves with the greeting of the device's account document. */
export async function hello(device: Device): Promise<{ lastActiveAt: number | null }> {
  const account = device.account()
  const find = () => account.stateless.find(({ type }) => type === 'hello')
  await account.until(() => find() !== undefined)
  return find() as unknown as { lastActiveAt: number | null }
}

/** What the device knows of somebody; undefined when it was never told. */
export function seen({ stateless }: Opened, user: UserId): Seen | undefined {
  const said = stateless.findLast((message) => message.type === 'presence' && message['user'] === user)
  return said && { online: said['online'] as boolean, lastActiveAt: said['lastActiveAt'] as number | null }
}
