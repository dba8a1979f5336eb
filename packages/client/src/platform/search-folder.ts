import type { Millis, UserId } from '@parley/protocol'
import type { Clock } from '../ports.ts'

/** Each person's index has a folder of its own among the browser's private files; one worker at a time has it open. */
export const folderOf = (user: UserId): string => `.search-${user}`

/** The worker before may still be letting go of it; after so long it never will. */
export const TRY_FOR: Millis = 10_000
export const TRY_EVERY: Millis = 250

/** Another worker has the folder open. */
export const isBusy = (error: unknown): boolean => isNamed(error, 'NoModificationAllowedError')

const isNamed = (error: unknown, name: string): boolean =>
  error instanceof DOMException && error.name === name

export const pause = (clock: Clock, delay: Millis): Promise<void> =>
  new Promise((resolve) => {
    clock.after(delay, resolve)
  })

/** Deletes a person's index as soon as no worker has it open; when one never lets go, it stays, and no one else reads it. */
export async function wipeKept(user: UserId, clock: Clock): Promise<void> {
  const deadline = clock.now() + TRY_FOR
  for (;;) {
    try {
      const root = await navigator.storage.getDirectory()
      return await root.removeEntry(folderOf(user), { recursive: true })
    } catch (error) {
      // Nothing is there, or the browser has no private files: then nothing was ever kept in them.
      if (!isBusy(error) || clock.now() > deadline) return
    }
    await pause(clock, TRY_EVERY)
  }
}
