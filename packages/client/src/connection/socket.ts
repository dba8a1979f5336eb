import { HocuspocusProviderWebsocket, WebSocketStatus } from '@hocuspocus/provider'
import type { Code, Millis } from '@parley/protocol'
import { type Link, type LinkInput, step } from './link.ts'
import { type Observable, source } from '../observable.ts'
import type { ClientOptions } from '../ports.ts'

/** A socket that has neither opened nor failed by now never will. */
const OPEN_WITHIN: Millis = 10_000

/**
 * An open socket on which the account was not let in by now leads nowhere: a proxy holds it, or the
 * server hangs. Hocuspocus itself only watches sockets that have spoken once.
 */
const LET_IN_WITHIN: Millis = 30_000

export interface Socket {
  readonly link: Observable<Link>
  /** What the documents' providers are attached to. */
  readonly websocket: HocuspocusProviderWebsocket
  isOpen(): boolean
  onOpen(listener: () => void): void
  onLost(listener: () => void): void
  /** The account has been let in: the link is live. */
  ready(): void
  refuse(code: Code): void
  /** Tries now: the person has signed in or asked for it. */
  wake(): void
  /** The connection says nothing any more: lets go of it and makes another. */
  drop(): void
  start(): void
  close(): void
}

type SocketOptions = Pick<ClientOptions, 'url' | 'clock' | 'WebSocket' | 'network' | 'random'>

/**
 * The one connection. Hocuspocus' own socket speaks the protocol; when it connects is decided by
 * `step`, because its own retry has a fixed delay after a loss and no word for a refusal.
 */
export function openSocket({ url, clock, WebSocket, network, random = Math.random }: SocketOptions): Socket {
  const opened = new Set<() => void>()
  const lost = new Set<() => void>()
  const link = source<Link>({ state: 'offline' })
  let cancelTimer: () => void = () => undefined
  let isOpen = false
  let isClosed = false

  const websocket = new HocuspocusProviderWebsocket({
    url: `${url.replace(/^http/, 'ws').replace(/\/+$/, '')}/sync`,
    WebSocketPolyfill: WebSocket,
    autoConnect: false,
    maxAttempts: 1,
    // A class that refuses the address throws before there is a socket that could close.
    onMaxAttemptsFailed: () => {
      if (websocket.status === WebSocketStatus.Disconnected) take({ input: 'lost', jitter: random() })
    },
    onDisconnect: ({ event }) => {
      // Otherwise Hocuspocus would connect again by itself, beside `step`.
      websocket.disconnect()
      if (isOpen) {
        isOpen = false
        for (const listener of lost) listener()
      }
      take({ input: 'lost', jitter: random(), ...(event === undefined ? {} : { closeCode: event.code }) })
    },
  })
  // After construction, so that it runs behind Hocuspocus' own listener: only then can documents attach.
  websocket.on('open', () => {
    isOpen = true
    cancelTimer()
    cancelTimer = clock.after(LET_IN_WITHIN, letGo)
    for (const listener of opened) listener()
  })

  function take(input: LinkInput): void {
    if (isClosed) return
    const before = link.get()
    const next = step(before, input, clock.now())
    if (next === before) return
    link.set(next)
    enter(next, before)
  }

  function enter(next: Link, before: Link): void {
    if (link.get() !== next) return
    cancelTimer()
    cancelTimer = () => undefined
    if (next.state === 'live') return
    if (next.state === 'connecting') {
      cancelTimer = clock.after(OPEN_WITHIN, letGo)
      void websocket.connect()
    } else if (next.state === 'waiting') {
      cancelTimer = clock.after(next.retryAt - clock.now(), () => take({ input: 'due' }))
    } else if (before.state !== 'offline' && before.state !== 'refused') {
      letGo()
    }
  }

  /** Ends the connection without waiting for a closing handshake that a dead network never answers. */
  function letGo(): void {
    if (websocket.status === WebSocketStatus.Connected)
      websocket.onClose({ event: { code: 4408, reason: 'gone' } })
    else websocket.webSocket?.close()
  }

  const endNetwork = network?.subscribe(() => take({ input: 'network', isOnline: network.isOnline() }))

  return {
    link,
    websocket,
    isOpen: () => isOpen,
    onOpen: (listener) => opened.add(listener),
    onLost: (listener) => lost.add(listener),
    ready: () => take({ input: 'ready' }),
    refuse: (code) => take({ input: 'refused', code }),
    wake: () => take({ input: 'wake' }),
    drop: letGo,
    start: () => take({ input: 'network', isOnline: network?.isOnline() ?? true }),
    close: () => {
      isClosed = true
      cancelTimer()
      endNetwork?.()
      websocket.destroy()
    },
  }
}
