import type { Millis, UserId } from '@parley/protocol'
import type { Observable } from './observable.ts'
import type { SearchHost } from './search/searcher.ts'
import type { DeviceStorage } from './store/store.ts'
import type { FileBytes } from './uploads/held-message.ts'

/** Time as the client lives by it; the simulation turns it by hand. */
export interface Clock {
  now(): Millis
  /** Calls `run` once after `delay` milliseconds; the answer cancels it. */
  after(delay: Millis, run: () => void): () => void
}

/** The part of `fetch` that the client uses. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchAnswer>
export interface FetchInit {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  /** Bytes are read when they are sent. */
  readonly body?: string | FileBytes
  /** Sends the session cookie, also when the API lives on another origin. */
  readonly credentials: 'include'
  /** `run` is called once nobody waits for the answer any more: the call then ends and frees its connection. */
  readonly onGivenUp: (run: () => void) => void
}
export interface FetchAnswer {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  text(): Promise<string>
}

/** A WebSocket class as browsers and Node have it. */
export type WebSocketClass = new (url: string) => object

/** Whether the device believes that it has a network, and when it changes its mind. */
export interface Network {
  isOnline(): boolean
  subscribe(listener: () => void): () => void
}

/** Reaches this device's other tabs; who posts does not hear it. */
export interface Channel {
  post(message: unknown): void
  subscribe(listener: (message: unknown) => void): () => void
}

/** What one tab of this device at a time may have. The browser frees it when the tab goes, however it goes. */
export interface Locks {
  /** Stands in line for `name`. The answer gives it back, or the place in the line: after that nothing is called. */
  hold(name: string, hands: LockHands): () => void
}
export interface LockHands {
  /** Does not wait, but takes it away from whoever has it. */
  readonly steal: boolean
  held(): void
  /** Another tab has taken it away. */
  stolen(): void
}

/** Whether a person has this tab before them; `frozen`: the browser is about to let it run no more. */
export type Sight = 'visible' | 'hidden' | 'frozen'

/** What speaks against fetching what nobody looks at now. */
export interface Conditions {
  /** What goes over the connection is paid for, or the person wants data to be saved. */
  readonly isMetered: boolean
  readonly isBatteryLow: boolean
  /** What is left on the device is kept for what the person writes. */
  readonly isRoomShort?: boolean
}

/** What the browser says of the room on the device; it may be far from exact. */
export interface Estimate {
  readonly usedBytes: number
  readonly totalBytes: number
}

/** A place beside the storage that a browser clears later than that, for a few kilobytes of JSON about each person. */
export interface Traces {
  /** As it was written, or undefined. */
  read(user: UserId): unknown
  /** Does nothing where nothing can be kept; `undefined` erases. */
  write(user: UserId, trace: object | undefined): void
}

export interface ClientOptions {
  /** Where the server is, such as `https://chat.example.org`; `/api` and `/sync` are below it. */
  readonly url: string
  readonly clock: Clock
  readonly fetch: Fetch
  readonly WebSocket: WebSocketClass
  readonly storage: DeviceStorage
  /** Left out: a storage that was emptied is taken for a new one. */
  readonly traces?: Traces
  /** Left out: the network is taken to be there, and the socket finds out. */
  readonly network?: Network
  /** Left out: no other tab shares the storage. */
  readonly channel?: Channel
  /** Left out, or without a channel: each tab has a connection of its own. */
  readonly locks?: Locks
  /** Left out: always visible. */
  readonly sight?: Observable<Sight>
  /** Left out: nothing speaks against fetching all at once. */
  readonly conditions?: Observable<Conditions>
  /** Left out: there is room, until a write fails. */
  readonly estimate?: () => Promise<Estimate | undefined>
  /** Left out: what the device holds cannot be searched here. */
  readonly search?: SearchHost
  /**
   * Settles when a person has what the device holds before them: until then nothing is connected, fetched or
   * counted that would take the processor from drawing it. Left out: nobody waits for a screen.
   */
  readonly firstShown?: Promise<unknown>
  /** A bearer token, for programs; left out, the session cookie of signing in counts. */
  readonly token?: string
  /** A number in [0, 1), for the jitter of waiting times. */
  readonly random?: () => number
}
