import type { Network, WebSocketClass } from '@parley/client'

/** A device's network: off and on, and connections that break without a word. */
export interface DeviceNetwork extends Network {
  readonly WebSocket: WebSocketClass
  set(isOnline: boolean): void
  cut(): void
  /** Throws what a browser throws where there is no network. */
  check(): void
}

export function deviceNetwork(): DeviceNetwork {
  const listeners = new Set<() => void>()
  const sockets = new Set<WebSocket>()
  let online = true
  const check = () => {
    if (!online) throw new TypeError('no network')
  }
  const cut = () => {
    for (const socket of sockets) socket.close()
  }
  class DeviceSocket extends WebSocket {
    constructor(address: string) {
      check()
      super(address)
      sockets.add(this)
      this.addEventListener('close', () => sockets.delete(this))
    }
  }
  return {
    WebSocket: DeviceSocket,
    isOnline: () => online,
    check,
    cut,
    set: (next) => {
      online = next
      if (!next) cut()
      for (const listener of [...listeners]) listener()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
