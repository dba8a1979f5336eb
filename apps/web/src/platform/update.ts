import type { Observable } from '@parley/client'
import { showSight, unlessInSight } from './in-sight.ts'
import { listenTo } from './listen.ts'

/** How long the window has to be out of sight before a new version takes over by itself. */
const IDLE_MILLIS = 30_000
/** How often a window that stays open for days asks for a new version. */
const LOOK_EVERY_MILLIS = 60 * 60_000

export interface AppUpdate extends Observable<'none' | 'ready'> {
  /** Takes the new version now: every window of the app reloads, drafts are kept. */
  apply(): void
}

/**
 * Starts the service worker and watches for a newer version. A new one waits until the person asks
 * for it or the window has been out of sight for a while, never while they write.
 */
export function watchForUpdate(): AppUpdate {
  const listeners = new Set<() => void>()
  let waiting: ServiceWorker | undefined
  let idle: ReturnType<typeof setInterval> | undefined
  const update: AppUpdate = {
    get: () => (waiting === undefined ? 'none' : 'ready'),
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    apply: () => waiting?.postMessage('activate'),
  }
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return update

  showSight()
  const workers = navigator.serviceWorker
  const found = (worker: ServiceWorker): void => {
    waiting = worker
    for (const listener of listeners) listener()
  }
  // The very first worker takes over a page that is already the newest: no reload for that one, but for the next.
  let isControlled = workers.controller !== null
  workers.addEventListener('controllerchange', () => {
    if (isControlled) location.reload()
    isControlled = true
  })
  listenTo(document, ['visibilitychange'], () => {
    clearInterval(idle)
    // Again and again: all windows reload, and the person may be writing in another one.
    if (document.visibilityState === 'hidden')
      idle = setInterval(() => waiting && unlessInSight(update.apply), IDLE_MILLIS)
  })
  // A private window may forbid workers: the app then works while there is a network.
  workers.register('/service-worker.js').then(
    (registration) => watch(registration, found),
    () => undefined,
  )
  return update
}

function watch(registration: ServiceWorkerRegistration, found: (worker: ServiceWorker) => void): void {
  if (registration.waiting !== null) found(registration.waiting)
  const follow = () => {
    const worker = registration.installing
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'installed' && navigator.serviceWorker.controller !== null) found(worker)
    })
  }
  // One may be on its way since before this page could hear of it.
  follow()
  registration.addEventListener('updatefound', follow)
  const look = (): void => {
    // Without a network there is nothing newer to find.
    registration.update().catch(() => undefined)
  }
  setInterval(look, LOOK_EVERY_MILLIS)
  listenTo(window, ['online'], look)
}
