import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Millis } from '@parley/protocol'
import { parseConfig } from '../../../apps/server/src/config.ts'
import { lockDataDirectory } from '../../../apps/server/src/db/data-lock.ts'
import { startEmbedded } from '../../../apps/server/src/db/embedded.ts'
import { createLogger } from '../../../apps/server/src/logger.ts'
import { startServer } from '../../../apps/server/src/server.ts'
import { UNHURRIED } from '../../kit/limits.ts'
import { becomes, type TestDevice } from '../../kit/client.ts'
import { fillWorld, type World } from './fill.ts'
import type { Who } from './people.ts'

export interface ServedWorld extends World {
  readonly url: string
  readonly databaseUrl: string
  close(): Promise<void>
}

/** Who is online in the pictures, beside Ana. */
const PRESENT: readonly Who[] = ['ben', 'chiara', 'layla', 'dmitri']

const logger = createLogger('error')

interface ServeOptions {
  /** False where pictures are compared: emoji are the system's, and look different on each. */
  readonly hasEmoji?: boolean
}

/** A server in this process, on an empty database, whose clock stands where the pictures want it; and the world on it. */
export async function serveWorld(
  databaseUrl: string,
  { hasEmoji = true }: ServeOptions = {},
): Promise<ServedWorld> {
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-pictures-files-'))
  let clock: Millis = 0
  const config = { ...parseConfig({}), port: 0, dataDir, databaseUrl, limits: UNHURRIED }
  const server = await startServer(config, logger, () => clock)
  const devices: TestDevice[] = []
  const close = async (): Promise<void> => {
    for (const { client } of devices) client.close()
    await server.close()
    await rm(dataDir, { recursive: true, force: true })
  }
  try {
    const turn = (now: Millis): void => {
      clock = now
    }
    const world = await fillWorld({ url: server.url, databaseUrl, turn, hasEmoji })
    devices.push(...(await Promise.all(PRESENT.map(world.device))))
    await Promise.all(devices.map(({ account }) => becomes(account.link, ({ state }) => state === 'live')))
    return { ...world, url: server.url, databaseUrl, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** A PostgreSQL for as long as pictures are taken. */
export async function startPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-pictures-'))
  // As root PostgreSQL runs as another user, who has to get in.
  await chmod(directory, 0o711)
  const lock = lockDataDirectory(directory)
  const postgres = await startEmbedded(directory, logger)
  return {
    url: postgres.url,
    stop: async () => {
      await postgres.stop()
      lock.release()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
