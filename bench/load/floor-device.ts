import { newId } from '@parley/protocol'
import type { Device, DeviceListener, Message } from './device.ts'
import { FrameSocket, TEXT } from './frame-socket.ts'
import { findMarkers } from './marker.ts'
import type { DevicePlan } from './plan.ts'

/** As much of a conversation's end as the live window of Parley holds at most. */
const LIVE_END = 255

/** Where `{"type":"x…` has its x: message, ack, page, opened. */
const TYPE_AT = 9

/** A member of the floor: JSON in text frames, see contestants/floor-server.ts. */
export class FloorDevice implements Device {
  readonly #plan: DevicePlan
  readonly #listener: DeviceListener
  readonly #written: readonly Message[]
  readonly #socket: FrameSocket
  readonly #attached = Promise.withResolvers<void>()

  constructor(url: string, plan: DevicePlan, listener: DeviceListener, written: readonly Message[]) {
    this.#plan = plan
    this.#listener = listener
    this.#written = written
    this.#socket = new FrameSocket(new URL(url), {
      onFrame: (bytes) => this.#receive(bytes),
      onClose: (reason) => {
        this.#attached.reject(new Error(reason))
        listener.failed(reason)
      },
    })
  }

  get sentBytes(): number {
    return this.#socket.sentBytes
  }

  get receivedBytes(): number {
    return this.#socket.receivedBytes
  }

  async attach(): Promise<void> {
    await this.#socket.opened()
    const { user, conversations } = this.#plan
    this.#send({ type: 'open', user, conversations, last: LIVE_END })
    for (const message of this.#written) this.say(message)
    await this.#attached.promise
  }

  say({ conversation, text }: Message): void {
    this.#send({ type: 'send', id: newId(), conversation, text })
  }

  /** Asks for everything after a place in the log; it comes as pages, heard by `held`. */
  read(conversation: string, after: number): void {
    this.#send({ type: 'read', conversation, after })
  }

  keepAlive(): void {
    // The floor closes nobody for being quiet.
  }

  close(): void {
    this.#socket.close()
  }

  #send(value: object): void {
    this.#socket.send(Buffer.from(JSON.stringify(value)), TEXT)
  }

  #receive(bytes: Buffer): void {
    switch (bytes.toString('latin1', TYPE_AT, TYPE_AT + 1)) {
      case 'm':
        return findMarkers(bytes, (sender, number, sentAt) => this.#listener.heard(sender, number, sentAt))
      case 'a':
        return this.#listener.acknowledged(1)
      case 'p':
        return this.#listener.held(bytes)
      case 'o':
        return this.#attached.resolve()
      default:
        return this.#listener.failed(`unexpected frame: ${bytes.toString('utf8', 0, 200)}`)
    }
  }
}
