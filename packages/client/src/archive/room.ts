import { derived, type Observable, type Source } from '../observable.ts'
import { UNRESTRICTED } from './pacing.ts'
import type { Archive } from './archive.ts'
import type { Clock, Conditions, Estimate } from '../ports.ts'
import type { Millis } from '@parley/protocol'

/** What is left for Parley on this device, where that is little. */
export interface ShortRoom {
  readonly leftBytes: number
  readonly totalBytes: number
}

/** Left for what this person writes, however much history there is: some 20,000 messages. */
const RESERVE_BYTES = 20_000_000
/** Of a device that has little altogether. */
const RESERVE_PART = 0.05
/** How soon a device that is written to is asked again: 40 MB is more than filling writes in this time. */
const LOOKS_EVERY: Millis = 10_000
/** Room comes back when the person removes something, here or elsewhere. */
const LOOKS_FOR_MORE_EVERY: Millis = 60_000

/** Whether so little is left that the rest is kept for writing. What makes no sense says nothing. */
export function shortRoom({ usedBytes, totalBytes }: Estimate): ShortRoom | undefined {
  if (!Number.isFinite(usedBytes) || !Number.isFinite(totalBytes) || totalBytes <= 0) return undefined
  const leftBytes = Math.max(0, totalBytes - usedBytes)
  return leftBytes < Math.min(RESERVE_BYTES, totalBytes * RESERVE_PART)
    ? { leftBytes, totalBytes }
    : undefined
}

export interface RoomOptions {
  readonly estimate: (() => Promise<Estimate | undefined>) | undefined
  readonly archive: Pick<Archive, 'onWritten'>
  readonly clock: Clock
  readonly result: Source<ShortRoom | undefined>
}

/** Watches how much room is left, while something is written: without writing nothing changes here. */
export function watchRoom({ estimate, archive, clock, result }: RoomOptions): { close(): void } {
  if (estimate === undefined) return { close: () => undefined }
  let isClosed = false
  let cancel: (() => void) | undefined
  const lookAfter = (time: Millis) => {
    cancel ??= clock.after(time, () => void look())
  }
  const look = async () => {
    let now: ShortRoom | undefined
    try {
      const asked = await estimate()
      now = asked && shortRoom(asked)
    } catch {
      // A browser that will not say: a write that fails says it then.
    }
    cancel = undefined
    if (isClosed) return
    const before = result.get()
    if (before?.leftBytes !== now?.leftBytes || before?.totalBytes !== now?.totalBytes) result.set(now)
    if (now !== undefined) lookAfter(LOOKS_FOR_MORE_EVERY)
  }
  const end = archive.onWritten(() => lookAfter(LOOKS_EVERY))
  lookAfter(0)
  return {
    close: () => {
      isClosed = true
      end()
      cancel?.()
    },
  }
}

/** What speaks against fetching old history: also that there is no room for it. */
export function withRoom(
  conditions: Observable<Conditions> | undefined,
  room: Observable<ShortRoom | undefined>,
): Observable<Conditions> {
  const both = derived<Conditions>(() => ({
    ...(conditions?.get() ?? UNRESTRICTED),
    isRoomShort: room.get() !== undefined,
  }))
  // As long-lived as what it is made of: one tab's lead.
  conditions?.subscribe(both.invalidate)
  room.subscribe(both.invalidate)
  return both
}
