import { commandId, millis, type UserId } from '@parley/protocol'
import { z } from 'zod'
import { isWaiting } from '../outbox/fate.ts'
import type { MishapLog } from './mishaps.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Clock, Traces } from '../ports.ts'
import type { Saving } from './saving.ts'
import type { Store } from './store.ts'

/** What is remembered beside a store: as much as somebody must be told when it is gone. */
export const trace = z.object({
  /** Commands that waited to be sent. */
  unsent: z.int().nonnegative(),
  /** The newest of them: another window, or the service worker, may have sent them before all was removed. */
  ids: z.array(commandId).readonly(),
  at: millis,
})
export type Trace = z.infer<typeof trace>

export interface TraceOptions {
  readonly user: UserId
  readonly traces: Traces
  readonly store: Store
  readonly saving: Saving
  readonly outbox: Pick<Outbox, 'commands'>
  readonly mishaps: MishapLog
  readonly clock: Clock
}

export interface KeptTrace {
  /** The store has lost all that it had, and has it again. */
  renew(): void
  /** The person's data leaves this device because they want it to. */
  erase(): void
  close(): void
}

/** Some 4 KB: it is written anew with each command. */
const MOST_IDS = 100

/** In the store for as long as it is the one that the trace belongs to. */
const RECORD = 'kept'

/**
 * A browser may remove everything that a device keeps, and says nothing: the app opens as if it had never been here.
 * So a trace is left where browsers look last, and a store that is empty beside its trace has been removed.
 */
export async function keepTrace(options: TraceOptions): Promise<KeptTrace> {
  const { user, traces, store, saving, outbox, mishaps, clock } = options
  const isKept = (await saving.reads(() => store.record(RECORD))) !== undefined
  const before = trace.safeParse(traces.read(user))
  if (!isKept && before.success) mishaps.removed(before.data)

  let isClosed = false
  let written: string | undefined
  const write = () => {
    const waiting = outbox.commands.get().flatMap(({ id, fate }) => (isWaiting(fate) ? [id] : []))
    const ids = waiting.slice(-MOST_IDS)
    const next = `${waiting.length} ${ids.at(0)} ${ids.at(-1)}`
    if (next === written || isClosed) return
    written = next
    traces.write(user, { unsent: waiting.length, ids, at: clock.now() } satisfies Trace)
  }
  // In this order: a trace without its store would be told of as a loss.
  const begin = async () => {
    const fault = await saving.run(() => store.putRecord(RECORD, { since: clock.now() }))
    if (fault !== undefined || isClosed) return
    written = undefined
    write()
  }
  if (isKept) write()
  else await begin()
  const end = outbox.commands.subscribe(() => {
    if (written !== undefined) write()
  })
  const close = () => {
    isClosed = true
    end()
  }
  return {
    renew: () => void begin(),
    erase: () => {
      close()
      traces.write(user, undefined)
    },
    close,
  }
}
