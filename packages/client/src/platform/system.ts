import type { Clock, Fetch, Network } from '../ports.ts'

/** The clock, fetch and network of the browser or of Node, as the client's ports want them. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delay, run) => {
    const timer = setTimeout(run, delay)
    return () => clearTimeout(timer)
  },
}

export const systemFetch: Fetch = (url, { onGivenUp, ...init }) => {
  const controller = new AbortController()
  onGivenUp(() => controller.abort())
  return fetch(url, { ...init, signal: controller.signal })
}

export const browserNetwork: Network = {
  isOnline: () => navigator.onLine,
  subscribe: (listener) => {
    addEventListener('online', listener)
    addEventListener('offline', listener)
    return () => {
      removeEventListener('online', listener)
      removeEventListener('offline', listener)
    }
  },
}
