import { type Observable, source } from '../observable.ts'
import type { Channel, Locks, Sight } from '../ports.ts'

/** The tabs of one browser that have the same `name`; undefined where they cannot reach each other. */
export function browserChannel(name = 'parley'): Channel | undefined {
  if (!('BroadcastChannel' in globalThis)) return undefined
  const channel = new BroadcastChannel(name)
  return {
    post: (message) => channel.postMessage(message),
    subscribe: (listener) => {
      const hear = ({ data }: MessageEvent<unknown>) => listener(data)
      channel.addEventListener('message', hear)
      return () => channel.removeEventListener('message', hear)
    },
  }
}

/** Web Locks; undefined where the browser has none, such as on a page that came without TLS. */
export const browserLocks = (): Locks | undefined =>
  (navigator as Partial<Navigator>).locks && {
    hold: (name, { steal, held, stolen }) => {
      const waiting = new AbortController()
      let isOver = false
      let giveBack: () => void = () => waiting.abort()
      const take = () =>
        new Promise<void>((resolve) => {
          if (isOver) return resolve()
          giveBack = resolve
          held()
        })
      // A lock that is stolen cannot be waited for, so there is nothing to abort.
      const options = steal ? { steal } : { signal: waiting.signal }
      navigator.locks.request(name, options, take).catch((error: unknown) => {
        if (isOver) return
        if (isAbort(error)) stolen()
        // Where locks are forbidden, each tab is on its own.
        else held()
      })
      return () => {
        isOver = true
        giveBack()
      }
    },
  }

const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError'

/** What the events of the page's life say of this tab. */
export function browserSight(): Observable<Sight> {
  let isStopped = false
  const now = (): Sight => {
    if (isStopped) return 'frozen'
    return document.visibilityState === 'visible' ? 'visible' : 'hidden'
  }
  const sight = source(now())
  const listen = (target: EventTarget, event: string, hear: () => void) =>
    target.addEventListener(event, () => {
      hear()
      sight.set(now())
    })
  listen(document, 'visibilitychange', () => undefined)
  // A page that one goes away from may be kept, stopped, for going back to it.
  for (const [target, event] of [
    [document, 'freeze'],
    [window, 'pagehide'],
  ] as const)
    listen(target, event, () => (isStopped = true))
  for (const [target, event] of [
    [document, 'resume'],
    [window, 'pageshow'],
  ] as const)
    listen(target, event, () => (isStopped = false))
  return sight
}
