import { FloorDevice } from './floor-device.ts'
import { HocuspocusDevice } from './hocuspocus-device.ts'
import type { DevicePlan, Dialect } from './plan.ts'

/** What a device tells the process that drives it. */
export interface DeviceListener {
  /** A mark arrived in the course of a conversation, not in what was there on attaching; it may be the device's own. */
  heard(sender: number, number: number, sentAtMicros: number): void
  /** The relay has applied, the floor has committed so many of the device's messages. Parley answers by the event itself. */
  acknowledged(count: number): void
  /** What a conversation held on attaching; the bytes are valid only during the call. */
  held(bytes: Buffer): void
  failed(reason: string): void
}

export interface Message {
  readonly conversation: string
  readonly text: string
}

/** One member's connection to a contestant. */
export interface Device {
  /** Connects and attaches everything; done when the live end of every conversation is here. */
  attach(): Promise<void>
  say(message: Message): void
  keepAlive(): void
  close(): void
  readonly sentBytes: number
  readonly receivedBytes: number
}

/** `written` is what the device has written while it was offline, and sends as soon as it is connected. */
export function newDevice(
  dialect: Dialect,
  url: string,
  plan: DevicePlan,
  listener: DeviceListener,
  written: readonly Message[] = [],
): Device {
  return dialect === 'floor'
    ? new FloorDevice(url, plan, listener, written)
    : new HocuspocusDevice(dialect, url, plan, listener, written)
}
