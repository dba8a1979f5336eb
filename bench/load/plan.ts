/** What the benchmark tells a load process, and what it hears back. All of it crosses an IPC channel. */

export type Dialect = 'parley' | 'relay' | 'floor'

export interface DevicePlan {
  readonly user: string
  readonly token: string
  readonly conversations: readonly string[]
  /** The number this device sends under; undefined: it only listens. It speaks in its first conversation. */
  readonly sender?: number
  /** The senders whose every message must arrive here exactly once. */
  readonly hears: readonly number[]
}

export interface LoadPlan {
  readonly dialect: Dialect
  /** `http://host:port` of the contestant. */
  readonly url: string
  readonly devices: readonly DevicePlan[]
}

/**
 * `every`: on a fixed beat, whether or not earlier messages are acknowledged; `one at a time`: the
 * next when the last is, and no more than `count` where there is one.
 */
export type Pace =
  | { readonly pace: 'every'; readonly millis: number }
  | { readonly pace: 'one at a time'; readonly count?: number }

export type Counts = Readonly<Record<number, number>>

export interface Measured {
  /** What went wrong: messages missing, doubled, out of order; connections lost. Empty: every message arrived once everywhere. */
  readonly faults: readonly string[]
  readonly seconds: number
  readonly acknowledged: number
  readonly deliveries: number
  /** Microseconds from sending to arrival, one for each delivery in the measured window. */
  readonly deliveryMicros: Float64Array
  /** Microseconds from sending to acknowledgement, one for each acknowledged message in the window. */
  readonly acknowledgedMicros: Float64Array
  /** For each message of the window: its arrivals in this process, and the latest of them. */
  readonly last: readonly {
    readonly sender: number
    readonly number: number
    readonly arrivals: number
    readonly micros: number
  }[]
  readonly cpuSeconds: number
}

export interface Opened {
  readonly seconds: number
  readonly sentBytes: number
  readonly receivedBytes: number
  /** How many different messages the device has. */
  readonly messages: number
}

/** What a load process can be asked to do, one thing at a time. */
export interface LoadMethods {
  connect(plan: LoadPlan): Promise<void>
  /** Starts the senders. */
  speak(pace: Pace): Promise<void>
  /** Forgets what was counted so far: the warm-up is over. */
  measure(): Promise<void>
  /** Stops the senders and ends the measured window; answers how many messages each has sent in all. */
  hush(): Promise<Counts>
  /** Waits until every device has everything that was sent, then answers with the window's figures. */
  settle(sent: Counts): Promise<Measured>
  disconnect(): Promise<void>
  /** One device from nothing to having the live end of its conversations, and off again. */
  open(dialect: Dialect, url: string, device: DevicePlan): Promise<Opened>
  /** One device until it has all `messages` that it missed in its one conversation, and off again. */
  catchUp(dialect: Dialect, url: string, device: DevicePlan, messages: number): Promise<Opened>
  /** One device that wrote `messages` while offline, spread over its conversations, until all are acknowledged. */
  flush(dialect: Dialect, url: string, device: DevicePlan, messages: number): Promise<Opened>
}
