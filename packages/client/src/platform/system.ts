import type { Clock, Fetch, Network } from '../ports.ts'

/** The clock, fetch and network of the browser or of Node, as the client's ports want them. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delay, run) => {
    const timer = setTimeout(run, delay)
    return () => clearTimeout(timer)
  },
}

export const systemFetch: Fetch = async (url, { onGivenUp, body, ...init }) => {
  const controller = new AbortController()
  onGivenUp(() => controller.abort())
  const { signal } = controller
  if (body === undefined) return await fetch(url, { ...init, signal })
  // A blob is read by the browser itself, from where it lies.
  const isAsItIs = typeof body === 'string' || body instanceof Blob
  return await fetch(url, { ...init, signal, body: isAsItIs ? body : await body.arrayBuffer() })
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
