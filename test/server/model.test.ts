import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { useDatabase } from '../kit/database.ts'
import { type Doors, openDoors } from '../kit/doors.ts'
import { MODEL_LIMITS } from '../model/prelude.ts'
import type { Counts } from '../model/run.ts'
import { tell } from '../model/tell.ts'

/**
 * The server held against a second saying of the domain rules (test/model): people do whatever they can,
 * by REST, by the outbox and offline, and every answer and everything that anybody sees is what the
 * rules make of it. `npm run soak:model` goes on for as long as one likes.
 */
const SEED = 1

const database = useDatabase()
let doors: Doors

beforeAll(async () => {
  doors = await openDoors({ pool: database.pool, databaseUrl: database.url, limits: MODEL_LIMITS })
})
afterAll(() => doors.close())

const COMMANDS = [
  'message.send',
  'reaction.set',
  'conversation.create',
  'conversation.update',
  'conversation.delete',
  'member.add',
  'member.remove',
  'member.role',
  'friend.request',
  'friend.answer',
  'friend.remove',
  'user.block',
  'user.unblock',
]
const CODES = ['invalid', 'forbidden', 'not_found', 'archived', 'not_friends', 'too_large', 'conflict']

describe('what people do comes to what the domain rules say', () => {
  test('[C1–C3, L1, L2, L7, S2, R1, R2] one after the other', { timeout: 300_000 }, async () => {
    const { counts, failure } = await tell(doors, 'one after the other', { seed: SEED, runs: 14 })
    expect(failure?.message, JSON.stringify(failure?.steps)).toBeUndefined()
    for (const type of COMMANDS) expect([type, counts.get(`${type} accepted`)]).not.toEqual([type, undefined])
    for (const code of CODES) expect([code, refusalsWith(counts, code)]).not.toEqual([code, 0])
    for (const what of ['outbox accepted', 'rest accepted', 'flushed', 'erased', 'read', 'looks'])
      expect([what, counts.get(what)]).not.toEqual([what, undefined])
  })

  test(
    '[L2, C1, C2] at once: as if in some order, the same for everybody',
    { timeout: 300_000 },
    async () => {
      const { counts, failure } = await tell(doors, 'at once', { seed: SEED, runs: 8 })
      expect(failure?.message, JSON.stringify(failure?.steps)).toBeUndefined()
      expect(counts.get('together')).toBeGreaterThan(10)
    },
  )
})

const refusalsWith = (counts: Counts, code: string): number =>
  (counts.get(`rest ${code}`) ?? 0) + (counts.get(`outbox ${code}`) ?? 0)
