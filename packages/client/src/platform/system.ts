import type { Channel, Clock, Fetch, Network } from '../ports.ts'

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

/** The tabs of one browser that have the same `name`. */
export function browserChannel(name = 'parley'): Channel {
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
