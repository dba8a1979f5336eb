import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { lockDataDirectory } from '../../apps/server/src/db/data-lock.ts'
import { startEmbedded, stopLeftBehind } from '../../apps/server/src/db/embedded.ts'
import { createLogger } from '../../apps/server/src/logger.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** PostgreSQL for the tests, as a user who may create databases. */
    postgresUrl: string
  }
}

interface Shared {
  users: number
  readonly server: Promise<{ url: string; stop(): Promise<void> }>
}

// Vitest loads this file once for every project, and they all share one PostgreSQL.
const SHARED = Symbol.for('parley.test.postgres')
const registry = globalThis as { [SHARED]?: Shared | undefined }

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const shared = (registry[SHARED] ??= { users: 0, server: start() })
  shared.users += 1
  project.provide('postgresUrl', (await shared.server).url)
  return async () => {
    shared.users -= 1
    if (shared.users > 0) return
    registry[SHARED] = undefined
    await (await shared.server).stop()
  }
}

const PREFIX = 'parley-test-'

/** DATABASE_URL if there is one, else an embedded PostgreSQL in a folder for this run. */
async function start(): Promise<{ url: string; stop(): Promise<void> }> {
  const given = process.env['DATABASE_URL']
  if (given !== undefined && given !== '') return { url: given, stop: () => Promise.resolve() }
  await sweep()
  const directory = await mkdtemp(join(tmpdir(), PREFIX))
  // As root the tests run PostgreSQL as another user, who has to get in.
  await chmod(directory, 0o711)
  const lock = lockDataDirectory(directory)
  const postgres = await startEmbedded(directory, createLogger('error'))
  return {
    url: postgres.url,
    stop: async () => {
      await postgres.stop()
      lock.release()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** What runs left that were killed: their folders, and the PostgreSQL that may still run in them. */
async function sweep(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX))
  for (const directory of names.map((name) => join(tmpdir(), name))) {
    // Made, and perhaps not locked yet, by a run that starts at this moment.
    if (Date.now() - (await stat(directory)).mtimeMs < 60_000) continue
    try {
      lockDataDirectory(directory).release()
    } catch {
      // In use by a run of somebody else.
      continue
    }
    await stopLeftBehind(directory, createLogger('error'))
    await rm(directory, { recursive: true, force: true })
  }
}
