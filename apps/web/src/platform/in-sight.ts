import { listenTo } from './listen.ts'

/** Held by each window of the app that is before the person, all at once. */
const IN_SIGHT = 'parley/in-sight'

/** Lets this device's other windows know whether this one is before the person. */
export function showSight(): void {
  const locks = navigator.locks as LockManager | undefined
  if (locks === undefined) return
  let release: (() => void) | undefined
  const follow = (): void => {
    const isSeen = document.visibilityState === 'visible'
    if (isSeen && release === undefined) {
      const { promise, resolve } = Promise.withResolvers<void>()
      release = resolve
      // Where locks are forbidden, windows know nothing of each other.
      locks.request(IN_SIGHT, { mode: 'shared' }, () => promise).catch(() => undefined)
    } else if (!isSeen) {
      release?.()
      release = undefined
    }
  }
  follow()
  listenTo(document, ['visibilitychange'], follow)
}

/** Calls `run` unless any window of the app is before the person. */
export function unlessInSight(run: () => void): void {
  const locks = navigator.locks as LockManager | undefined
  if (locks === undefined) return run()
  const decide = (lock: Lock | null): void => {
    if (lock !== null) run()
  }
  locks.request(IN_SIGHT, { ifAvailable: true }, decide).catch(run)
}
