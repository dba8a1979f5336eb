import type { ClientOptions, Clock, Network } from '@parley/client'

const clock: Clock = {
  now: () => Date.now(),
  after: (delay, run) => {
    const timer = setTimeout(run, delay)
    return () => clearTimeout(timer)
  },
}

const network: Network = {
  isOnline: () => navigator.onLine,
  subscribe: (listener) => listenTo(window, ['online', 'offline'], listener),
}

/** What the client needs of the world, as this browser has it; the server is where the page came from. */
export const browserPorts: Omit<ClientOptions, 'storage'> = {
  url: location.origin,
  clock,
  fetch: (url, init) => fetch(url, init),
  WebSocket,
  network,
}

/** Listens to several events of one target; the answer ends that. */
export function listenTo(target: EventTarget, events: readonly string[], listener: (event: Event) => void): () => void {
  for (const event of events) target.addEventListener(event, listener)
  return () => {
    for (const event of events) target.removeEventListener(event, listener)
  }
}
