import { accountDocument, accountRoots, type CommandId, newId } from '@parley/protocol'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { AccountDocuments } from '../../apps/server/src/collab/account-documents.ts'
import { loadAccount } from '../../apps/server/src/collab/account-store.ts'
import type { Outcome } from '../../apps/server/src/commands/outcome.ts'
import { createRates } from '../../apps/server/src/limits/rates.ts'
import { createLogger } from '../../apps/server/src/logger.ts'
import { waitingOnly } from '../kit/notifications.ts'
import { createPositions } from '../../apps/server/src/reading/positions.ts'
import { addAccounts } from '../kit/accounts.ts'
import { useDatabase } from '../kit/database.ts'
import { UNHURRIED } from '../kit/limits.ts'
import { say } from '../kit/people.ts'

const database = useDatabase()

test('[C2, C3] an account is not unloaded before its commands in flight are answered, and the answers are stored', async () => {
  const [ana] = await addAccounts(database.pool, ['Ana'])
  if (ana === undefined) throw new Error('an account expected')
  const answer = Promise.withResolvers<Outcome[]>()
  const asked = Promise.withResolvers<void>()
  const accounts = new AccountDocuments({
    pool: database.pool,
    handler: {
      handle: () => {
        asked.resolve()
        return answer.promise
      },
    },
    positions: createPositions(database.kysely, waitingOnly(database.kysely)),
    commands: createRates({ limits: UNHURRIED, now: Date.now }).commands,
    maxCommands: 1000,
    logger: createLogger('silent'),
    maxBytes: 1024 * 1024,
    now: Date.now,
    onFree: () => undefined,
    onWork: () => undefined,
  })
  const doc = new Y.Doc()
  await accounts.load(ana.id, doc)
  const command = say(newId(), 'to a conversation that is archived')
  accountRoots(doc).outbox.push([command])
  await asked.promise

  let isUnloaded = false
  const unloading = accounts.beforeUnload(ana.id).then(() => (isUnloaded = true))
  // A round trip to the database is more than enough for an unloading that does not wait.
  await database.pool.query('SELECT 1')
  await database.pool.query('SELECT 1')
  expect(isUnloaded).toBe(false)

  answer.resolve([{ accepted: false, refusal: { code: 'archived', message: 'archived' } }])
  await unloading
  const stored = new Y.Doc()
  const { state } = (await loadAccount(database.pool, accountDocument(ana.id))) ?? { state: new Uint8Array() }
  Y.applyUpdate(stored, state)
  expect(accountRoots(stored).outbox.length).toBe(0)
  expect([...accountRoots(stored).rejections.keys()]).toEqual([command.id satisfies CommandId])
  doc.destroy()
  await accounts.close()
})
