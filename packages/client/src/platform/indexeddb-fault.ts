import { z } from 'zod'
import { StoreError, type StoreFault } from '../store/store.ts'

/** Turns what IndexedDB rejects with into the faults that the app has words for. */
export async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof StoreError) throw error
    throw new StoreError(faultOf(error), 'the device could not keep or read its data', { cause: error })
  }
}

function faultOf(error: unknown): StoreFault {
  if (error instanceof z.ZodError) return 'corrupt'
  switch (error instanceof Error || error instanceof DOMException ? error.name : undefined) {
    case 'QuotaExceededError':
      return 'quota'
    case 'InvalidStateError':
      return 'closed'
    // The database on disk is of a newer version than this code.
    case 'VersionError':
      return 'outdated'
    default:
      return 'failed'
  }
}
