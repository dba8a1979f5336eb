import { commandId, type Event, millis } from '@parley/protocol'
import { z } from 'zod'
import { type Observable, source } from '../observable.ts'
import type { Saving } from './saving.ts'
import type { Store } from './store.ts'

const count = z.int().nonnegative()

const mishaps = z.object({
  /**
   * The browser has removed everything. So many commands waited to be sent when this device last knew, and have not
   * been seen in a log since; `ids`: those of them that can be.
   */
  removed: z.object({ unsent: count, ids: z.array(commandId).readonly(), at: millis }).optional(),
  /** Stretches of this person's own document that could not be read and are kept apart. */
  aside: count,
})

/** What has happened to what the device kept, until the person has seen it. */
export type Mishaps = z.infer<typeof mishaps>

const NONE: Mishaps = { aside: 0 }
const RECORD = 'mishaps'

export interface MishapLog {
  readonly now: Observable<Mishaps>
  removed(what: NonNullable<Mishaps['removed']>): void
  /** These were said: whoever sent them, before or after it all was removed. */
  said(events: readonly Pick<Event, 'id'>[]): void
  /** Resolves when it is remembered, or cannot be. */
  setAside(count: number): Promise<void>
  /** The person has seen it. */
  dismiss(): void
}

/** Remembers on disk what went wrong there: a person who looks away while it is said reads it at the next start. */
export async function openMishaps(store: Store, saving: Saving): Promise<MishapLog> {
  const now = source(mishaps.catch(NONE).parse(await saving.reads(() => store.record(RECORD))))
  const put = async (next: Mishaps): Promise<void> => {
    now.set(next)
    await saving.run(() => store.putRecord(RECORD, next === NONE ? undefined : next))
  }
  return {
    now,
    removed: (removed) => void put({ ...now.get(), removed }),
    said: (events) => {
      const { removed, ...others } = now.get()
      if (removed === undefined || removed.ids.length === 0) return
      const said = new Set<string>(events.map(({ id }) => id))
      const ids = removed.ids.filter((id) => !said.has(id))
      const unsent = removed.unsent - (removed.ids.length - ids.length)
      if (unsent < removed.unsent) void put({ ...others, removed: { ...removed, ids, unsent } })
    },
    setAside: (more) => put({ ...now.get(), aside: now.get().aside + more }),
    dismiss: () => void put(NONE),
  }
}
