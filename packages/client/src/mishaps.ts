import { millis, type Millis } from '@parley/protocol'
import { z } from 'zod'
import { type Observable, source } from './observable.ts'
import type { Saving } from './saving.ts'
import type { Store } from './store.ts'

const count = z.int().nonnegative()

const mishaps = z.object({
  /** The browser has removed everything; so much waited to be sent when this device last knew. */
  removed: z.object({ unsent: count, at: millis }).optional(),
  /** Stretches of this person's own document that could not be read and are kept apart. */
  aside: count,
})

/** What has happened to what the device kept, until the person has seen it. */
export type Mishaps = z.infer<typeof mishaps>

const NONE: Mishaps = { aside: 0 }
const RECORD = 'mishaps'

export interface MishapLog {
  readonly now: Observable<Mishaps>
  removed(unsent: number, at: Millis): void
  setAside(count: number): void
  /** The person has seen it. */
  dismiss(): void
}

/** Remembers on disk what went wrong there: a person who looks away while it is said reads it at the next start. */
export async function openMishaps(store: Store, saving: Saving): Promise<MishapLog> {
  const now = source(mishaps.catch(NONE).parse(await saving.reads(() => store.record(RECORD))))
  const put = (next: Mishaps) => {
    now.set(next)
    void saving.run(() => store.putRecord(RECORD, next === NONE ? undefined : next))
  }
  return {
    now,
    removed: (unsent, at) => put({ ...now.get(), removed: { unsent, at } }),
    setAside: (more) => put({ ...now.get(), aside: now.get().aside + more }),
    dismiss: () => put(NONE),
  }
}
