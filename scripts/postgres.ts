import { execFileSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asOwner, clusterOf, ROLE, startPostmaster, urlOf } from '../apps/server/src/db/postmaster.ts'
import type { Place } from '../apps/server/src/db/embedded-place.ts'
import { createLogger } from '../apps/server/src/logger.ts'

export interface TemporaryPostgres {
  readonly url: string
  readonly version: string
  stop(): Promise<void>
}

/** The folder of this machine's own PostgreSQL server, the newest if there are several. */
export function findPostgres(): string | undefined {
  const found = globSync([
    '/usr/lib/postgresql/*/bin/initdb',
    '/usr/local/pgsql/bin/initdb',
    '/usr/pgsql-*/bin/initdb',
  ])
  return found
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .at(-1)
    ?.replace(/\/bin\/initdb$/, '')
}

/** A PostgreSQL of this machine's, empty, for as long as some tests last. */
export async function startTemporaryPostgres(programs: string): Promise<TemporaryPostgres> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-postgres-'))
  const owner = process.getuid?.() === 0 ? idsOfPostgres() : undefined
  await chmod(directory, 0o700)
  if (owner !== undefined) await chown(directory, owner.uid, owner.gid)
  const version = execFileSync(join(programs, 'bin', 'postgres'), ['--version'], { encoding: 'utf8' }).trim()
  const place: Place = { owner, programs, version, directory, socketDirectory: directory }
  execFileSync(
    join(programs, 'bin', 'initdb'),
    [
      `--pgdata=${clusterOf(directory)}`,
      `--username=${ROLE}`,
      '--auth=trust',
      '--encoding=UTF8',
      '--locale=C',
    ],
    { ...asOwner(place), stdio: 'ignore' },
  )
  const postmaster = await startPostmaster(place, createLogger('error'))
  return {
    url: urlOf(place, 'postgres'),
    version,
    stop: async () => {
      await postmaster.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function idsOfPostgres(): { uid: number; gid: number } {
  const id = (kind: string) => Number(execFileSync('id', [kind, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}
