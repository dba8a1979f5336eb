import type { IDBPDatabase, IDBPTransaction } from 'idb'
import { z } from 'zod'
import { ACCOUNT_MOVE, accountMove, type AccountMove, FIRST_GENERATION, type Store } from '../store/store.ts'
import { guarded } from './indexeddb-fault.ts'
import type { PersonDatabase } from './indexeddb-schema.ts'

const kept = accountMove.extend({ key: z.int() })
type Writing = IDBPTransaction<PersonDatabase, ['account', 'records'], 'readwrite'>

/** The account document's part of the store on IndexedDB. */
export const indexedDbAccount = (
  db: IDBPDatabase<PersonDatabase>,
): Pick<Store, 'appendAccount' | 'compactAccount' | 'moveAccount'> => {
  // `strict`: resolves after the operating system has flushed it, which is what "saved" says (C6).
  const begin = (): Writing => db.transaction(['account', 'records'], 'readwrite', { durability: 'strict' })
  const lastMove = async (transaction: Writing) =>
    kept.safeParse(await transaction.objectStore('records').get(ACCOUNT_MOVE)).data

  return {
    appendAccount: (update, generation = FIRST_GENERATION) =>
      guarded(async () => {
        const transaction = begin()
        const move = await lastMove(transaction)
        if ((move?.generation ?? FIRST_GENERATION) !== generation) return undefined
        const [key] = await Promise.all([transaction.objectStore('account').add(update), transaction.done])
        return key
      }),
    compactAccount: (keys, merged, generation = FIRST_GENERATION) =>
      guarded(async () => {
        const transaction = begin()
        const move = await lastMove(transaction)
        if ((move?.generation ?? FIRST_GENERATION) !== generation) return undefined
        const account = transaction.objectStore('account')
        const [key] = await Promise.all([
          account.add(merged),
          ...keys.map((each) => account.delete(each)),
          transaction.done,
        ])
        return key
      }),
    moveAccount: (keys, state, move: AccountMove) =>
      guarded(async () => {
        const transaction = begin()
        const [account, records] = [transaction.objectStore('account'), transaction.objectStore('records')]
        const before = await lastMove(transaction)
        // Its answer was lost, and it is asked again.
        if (before?.generation === move.generation) return before.key
        if ((before?.generation ?? FIRST_GENERATION) !== move.from) return undefined
        const replaced = new Set(keys)
        const there = await account.getAllKeys()
        if (there.some((key) => !replaced.has(key))) return undefined
        const [, key] = await Promise.all([account.clear(), account.add(state)])
        await Promise.all([records.put({ ...move, key }, ACCOUNT_MOVE), transaction.done])
        return key
      }),
  }
}
