import type { Locker, RequestRelease } from '@tus/server'
import { Unavailable } from '../commands/outcome.ts'

/** How long a request waits for the one before it to let go. */
const PATIENCE_MS = 30_000

interface Held {
  readonly requestRelease: RequestRelease
  readonly released: PromiseWithResolvers<void>
}

/**
 * One request at a time for each upload; the next one asks the one before to stop, which may hang in
 * a connection that the client has long given up. The library's own asks over and over, without a pause.
 */
export function createLocker(): Locker {
  const locks = new Map<string, Held>()
  return {
    newLock: (id) => ({
      async lock(signal, requestRelease) {
        const late = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)])
        for (let held = locks.get(id); held !== undefined; held = locks.get(id)) {
          await held.requestRelease()
          await Promise.race([held.released.promise, untilAborted(late)])
          if (late.aborted) throw new Unavailable('another request still works on this upload')
        }
        locks.set(id, { requestRelease, released: Promise.withResolvers() })
      },
      unlock() {
        const held = locks.get(id)
        locks.delete(id)
        held?.released.resolve()
        return Promise.resolve()
      },
    }),
  }
}

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
