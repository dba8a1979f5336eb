import type { Millis } from '@parley/protocol'
import { type Observable, source } from './observable.ts'
import type { Clock } from './ports.ts'
import { StoreError, type StoreFault } from './store.ts'

export type StorageState =
  | { readonly state: 'sound' }
  /** Something could not be kept; the last reason counts. Goes back to sound when a write succeeds. */
  | { readonly state: 'failing'; readonly fault: StoreFault; readonly at: Millis }

/** Watches what the device writes and reads, so that nothing can fail without being seen (C6). */
export interface Saving {
  readonly state: Observable<StorageState>
  /** Runs a write; the answer says what went wrong, if anything. */
  run(write: () => Promise<void>): Promise<StoreFault | undefined>
  /** Runs a read; what it rejects with is told and goes on. */
  reads<T>(read: () => Promise<T>): Promise<T>
  failed(fault: StoreFault): void
}

export function watchSaving(clock: Clock): Saving {
  const state = source<StorageState>({ state: 'sound' })
  const failed = (fault: StoreFault) => state.set({ state: 'failing', fault, at: clock.now() })
  return {
    state,
    failed,
    reads: async (read) => {
      try {
        return await read()
      } catch (error) {
        failed(faultOf(error))
        throw error
      }
    },
    run: async (write) => {
      try {
        await write()
      } catch (error) {
        const fault = faultOf(error)
        failed(fault)
        return fault
      }
      if (state.get().state !== 'sound') state.set({ state: 'sound' })
      return undefined
    },
  }
}

/** What a store rejects with is a {@link StoreError}; anything else is a defect and goes on. */
export function faultOf(error: unknown): StoreFault {
  if (error instanceof StoreError) return error.fault
  throw error
}
