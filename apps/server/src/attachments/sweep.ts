import type { Millis } from '@parley/protocol'
import { sql } from 'kysely'
import { dropUnusedAvatars } from '../queries/avatars.ts'
import type { Db } from '../queries/db.ts'
import type { FileStore } from './file-store.ts'
import { previewName } from './finish.ts'
import type { Staging } from './staging.ts'

export interface SweepOptions {
  readonly db: Db
  readonly staging: Staging
  readonly files: FileStore
  readonly now: () => Millis
}

/** How long a finished file waits for a message that names it. */
export const UNSENT_KEPT_MS = 24 * 60 * 60 * 1000

/** How long a picture waits for somebody to show it: the command that does may wait for a network much longer. */
export const UNUSED_AVATAR_KEPT_MS = 7 * 24 * 60 * 60 * 1000

const BATCH = 500

/**
 * Removes what nobody is going to ask for: uploads that were given up, files that no message came
 * to name, pictures that nobody shows, and files whose rows went. Stopped anywhere, by a crash or because the store is away, it
 * goes on from there the next time; on several nodes at once it is done twice, without harm.
 */
export async function sweep(options: SweepOptions): Promise<void> {
  await dropUnsent(options)
  await dropExpired(options)
  await dropUnused(options)
  await clearStaging(options)
  await removeDiscarded(options)
}

/** Whoever sends a message locks its files' rows first (log/side-effects.ts): one of the two comes too late. */
async function dropUnsent({ db, now }: SweepOptions): Promise<void> {
  await inBatches(() =>
    sql`
      DELETE FROM attachments WHERE id IN (
        SELECT id FROM attachments WHERE sent_at IS NULL AND created_at < ${now() - UNSENT_KEPT_MS}
        LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)`.execute(db),
  )
}

async function dropExpired({ db, now }: SweepOptions): Promise<void> {
  await inBatches(() =>
    sql`
      DELETE FROM uploads WHERE id IN (
        SELECT id FROM uploads WHERE expires_at <= ${now()} LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)`.execute(
      db,
    ),
  )
}

async function dropUnused({ db, now }: SweepOptions): Promise<void> {
  await inBatches(async () => ({
    numAffectedRows: await dropUnusedAvatars(db, now() - UNUSED_AVATAR_KEPT_MS, BATCH),
  }))
}

async function inBatches(
  work: () => Promise<{ readonly numAffectedRows?: bigint | undefined }>,
): Promise<void> {
  for (;;) {
    const { numAffectedRows = 0n } = await work()
    if (numAffectedRows < BATCH) return
  }
}

const KEY = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/

/** What is staged of uploads that are no more, here on this machine; a picture is there for a moment, under a key that is kept for it. */
async function clearStaging({ db, staging, now }: SweepOptions): Promise<void> {
  const names = await staging.names()
  const keys = [...new Set(names.flatMap((name) => KEY.exec(name)?.[0] ?? []))]
  if (keys.length === 0) return
  const rows = await db.selectFrom('uploads').select('key').where('key', 'in', keys).execute()
  const kept = await db
    .selectFrom('discarded_files')
    .select('key')
    .where('key', 'in', keys)
    .where('at', '>', now())
    .execute()
  const wanted = new Set([...rows, ...kept].map(({ key }) => key))
  for (const name of names) {
    const key = KEY.exec(name)?.[0]
    if (key !== undefined && !wanted.has(key)) await staging.remove(name)
  }
}

/** After so many in a row the store is away, and would be for the others too. */
const FAILURES_TO_STOP = 3

async function removeDiscarded({ db, files, now }: SweepOptions): Promise<void> {
  const start = now()
  let failures = 0
  for (;;) {
    const rows = await db
      .selectFrom('discarded_files')
      .selectAll()
      .where('at', '<=', start)
      .orderBy('at')
      .limit(BATCH)
      .execute()
    for (const { key, at } of rows) {
      try {
        await files.remove(previewName(key))
        await files.remove(key)
        failures = 0
        // Unless it was put there again meanwhile.
        await db.deleteFrom('discarded_files').where('key', '=', key).where('at', '=', at).execute()
      } catch (error) {
        failures += 1
        // The last in the line: one file that cannot be removed must not keep the others.
        await db
          .updateTable('discarded_files')
          .set({ at: Math.max(at, start) + 1 })
          .where('key', '=', key)
          .where('at', '=', at)
          .execute()
        if (failures === FAILURES_TO_STOP) throw error
      }
    }
    if (rows.length < BATCH) return
  }
}
