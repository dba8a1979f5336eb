import type { Millis } from '@parley/protocol'
import { type Observable, source } from '../observable.ts'
import type { Clock } from '../ports.ts'
import { StoreError, type StoreFault } from './store.ts'

/** What could not be kept: what this person has done, which nobody else may have yet, or what the server has too. */
export type Keeping = 'own' | 'history'

export type StorageState =
  | { readonly state: 'sound' }
  /** Something could not be kept; the last reason counts. Ends when something of the same kind is kept again. */
  | { readonly state: 'failing'; readonly what: Keeping; readonly fault: StoreFault; readonly at: Millis }

/** Watches what the device writes and reads, so that nothing can fail without being seen (C6). */
export interface Saving {
  readonly state: Observable<StorageState>
  /** Runs a write; the answer says what went wrong, if anything. */
  run(write: () => Promise<void>, what?: Keeping): Promise<StoreFault | undefined>
  /** Runs a read; what it rejects with is told and goes on. */
  reads<T>(read: () => Promise<T>): Promise<T>
  failed(fault: StoreFault): void
}

export function watchSaving(clock: Clock): Saving {
  const state = source<StorageState>(SOUND)
  const failing = new Map<Keeping, StorageState>()
  // What may be lost for good is said first.
  const tell = () => state.set(failing.get('own') ?? failing.get('history') ?? SOUND)
  const failed = (fault: StoreFault, what: Keeping) => {
    failing.set(what, { state: 'failing', what, fault, at: clock.now() })
    tell()
  }
  return {
    state,
    failed: (fault) => failed(fault, 'own'),
    reads: async (read) => {
      try {
        return await read()
      } catch (error) {
        failed(faultOf(error), 'history')
        throw error
      }
    },
    run: async (write, what = 'history') => {
      try {
        await write()
      } catch (error) {
        const fault = faultOf(error)
        failed(fault, what)
        return fault
      }
      if (failing.delete(what)) tell()
      return undefined
    },
  }
}

const TRY_AGAIN_AFTER: Millis = 5_000
const TRY_AGAIN_AT_LEAST_EVERY: Millis = 60_000

/** While something is not kept, tries again to keep it, less and less often; the answer ends that. */
export function keepTrying({ state }: Saving, clock: Clock, again: () => void): () => void {
  let wait = TRY_AGAIN_AFTER
  let cancel: (() => void) | undefined
  const look = () => {
    if (state.get().state === 'sound') {
      wait = TRY_AGAIN_AFTER
      cancel?.()
      cancel = undefined
      return
    }
    cancel ??= clock.after(wait, () => {
      cancel = undefined
      wait = Math.min(wait * 2, TRY_AGAIN_AT_LEAST_EVERY)
      again()
      look()
    })
  }
  const end = state.subscribe(look)
  return () => {
    end()
    cancel?.()
  }
}

const SOUND: StorageState = { state: 'sound' }

/** What a store rejects with is a {@link StoreError}; anything else is a defect and goes on. */
export function faultOf(error: unknown): StoreFault {
  if (error instanceof StoreError) return error.fault
  throw error
}
