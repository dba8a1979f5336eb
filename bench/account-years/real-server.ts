import { accountDocument, newId, type Seen, type UserId } from '@parley/protocol'
import type pg from 'pg'
import * as Y from 'yjs'
import { AccountDocuments } from '../../apps/server/src/collab/account-documents.ts'
import { openDatabase } from '../../apps/server/src/db/database.ts'
import { migrate } from '../../apps/server/src/db/migrate.ts'
import { createRates } from '../../apps/server/src/limits/rates.ts'
import { createLogger } from '../../apps/server/src/logger.ts'
import type { Positions } from '../../apps/server/src/reading/positions.ts'
import { UNHURRIED } from '../../test/kit/limits.ts'
import type { YearsServer } from './server.ts'

/** The server's own documents of accounts, on a real database; who takes the commands only notes them. */
export async function realServer(url: string): Promise<YearsServer> {
  const logger = createLogger('warn')
  const db = openDatabase({ url, logger })
  await migrate(db.pool, logger)
  const owner = newId<UserId>()
  await db.pool.query(
    `INSERT INTO users (id, email, username, name, created_at) VALUES ($1, 'ana@example.org', 'ana', 'Ana', 0)`,
    [owner],
  )
  const taken: string[] = []
  const known = new Set<string>()
  const accounts = new AccountDocuments({
    pool: db.pool,
    handler: {
      handle: async (_, commands) => {
        taken.push(...commands.map(({ id }) => id))
        return commands.map(() => ({ accepted: true, events: [] }))
      },
    },
    positions: {
      advance: async (user, conversation, seq) => {
        if (!known.has(conversation)) {
          known.add(conversation)
          await db.pool.query(
            `INSERT INTO conversations (id, kind, created_by, created_at) VALUES ($1, 'group', $2, 0)`,
            [conversation, user],
          )
        }
        await db.pool.query(
          `INSERT INTO participants (conversation, user_id, role, since_seq, read_seq) VALUES ($1, $2, 'member', 1, $3)
           ON CONFLICT (conversation, user_id) DO UPDATE SET read_seq = GREATEST(participants.read_seq, $3)`,
          [conversation, user, seq],
        )
        return true
      },
    } satisfies Pick<Positions, 'advance'> as unknown as Positions,
    logger,
    commands: createRates({ limits: UNHURRIED, now: Date.now }).commands,
    maxCommands: UNHURRIED.outboxCommands,
    maxBytes: UNHURRIED.accountBytes,
    now: Date.now,
    onFree: () => undefined,
    onWork: () => undefined,
  })
  const ask = async <T extends pg.QueryResultRow>(sql: string): Promise<T | undefined> =>
    (await db.pool.query<T>(sql, [accountDocument(owner)])).rows[0]

  return {
    taken,
    open: async (vector) => {
      const doc = new Y.Doc()
      await accounts.load(owner, doc)
      const seen: Seen = await accounts.seenOf(owner, vector)
      return {
        doc,
        seen,
        receive: (update) => Y.applyUpdate(doc, update),
        answered: async () => {
          while (doc.getArray('outbox').length > 0) await new Promise((resolve) => setImmediate(resolve))
        },
        leave: async () => {
          await accounts.beforeUnload(owner)
          doc.destroy()
        },
      }
    },
    state: async () =>
      (await ask<{ state: Buffer }>('SELECT state FROM documents WHERE name = $1'))?.state ??
      new Uint8Array([0, 0]),
    generations: async () =>
      (await ask<{ count: number }>('SELECT count(*)::int FROM account_generations WHERE name = $1'))
        ?.count ?? 0,
    close: async () => {
      await accounts.close()
      await db.close()
    },
  }
}
