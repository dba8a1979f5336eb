import { millis, type UserId } from '@parley/protocol'
import { z } from 'zod'
import { isWaiting } from './fate.ts'
import type { MishapLog } from './mishaps.ts'
import type { Outbox } from './outbox.ts'
import type { Clock, Traces } from './ports.ts'
import type { Saving } from './saving.ts'
import type { Store } from './store.ts'

/** What is remembered beside a store: as much as somebody must be told when it is gone. */
export const trace = z.object({
  /** Commands that waited to be sent. */
  unsent: z.int().nonnegative(),
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
  if (!isKept && before.success) mishaps.removed(before.data.unsent, before.data.at)

  let isClosed = false
  let written: number | undefined
  const write = () => {
    const unsent = outbox.commands.get().filter(({ fate }) => isWaiting(fate)).length
    if (unsent === written || isClosed) return
    written = unsent
    traces.write(user, { unsent, at: clock.now() } satisfies Trace)
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
