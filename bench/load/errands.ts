import { type Device, type Message, newDevice } from './device.ts'
import { FloorDevice } from './floor-device.ts'
import { findMarkers, markedText } from './marker.ts'
import type { DevicePlan, Dialect, Opened } from './plan.ts'
import { readPages } from './rest-pages.ts'

/** What one device does once, from its first byte to its last: opening, catching up, sending what it wrote offline. */

const TIMEOUT_MILLIS = 120_000

export async function open(dialect: Dialect, url: string, plan: DevicePlan): Promise<Opened> {
  const errand = new Errand(dialect, url, plan)
  await errand.attached()
  return errand.finish()
}

export async function catchUp(
  dialect: Dialect,
  url: string,
  plan: DevicePlan,
  missed: number,
): Promise<Opened> {
  const errand = new Errand(dialect, url, plan)
  await errand.attached()
  const [conversation = ''] = plan.conversations
  let pageBytes = 0
  if (dialect === 'parley') {
    pageBytes = await readPages(url, plan.token, conversation, (body) => {
      errand.have(body)
      return errand.messages.size < missed
    })
  }
  if (errand.device instanceof FloorDevice) errand.device.read(conversation, 0)
  await errand.until(() => errand.messages.size >= missed)
  const opened = errand.finish()
  return { ...opened, receivedBytes: opened.receivedBytes + pageBytes }
}

export async function flush(dialect: Dialect, url: string, plan: DevicePlan, count: number): Promise<Opened> {
  const written = Array.from({ length: count }, (_, number) => ({
    conversation: plan.conversations[number % plan.conversations.length] ?? '',
    text: markedText(plan.sender ?? 0, number, 0),
  }))
  const errand = new Errand(dialect, url, plan, written)
  await errand.attached()
  await errand.until(() => (dialect === 'parley' ? errand.messages.size : errand.acknowledged) >= count)
  return errand.finish()
}

class Errand {
  readonly device: Device
  /** The numbers of the messages that are on the device. */
  readonly messages = new Set<number>()
  acknowledged = 0
  readonly #start = performance.now()
  readonly #failure = Promise.withResolvers<never>()
  #isDone: () => boolean = () => false
  readonly #done = Promise.withResolvers<void>()

  constructor(dialect: Dialect, url: string, plan: DevicePlan, written: readonly Message[] = []) {
    // Nobody may be waiting when it comes; whoever waits next hears of it.
    this.#failure.promise.catch(() => undefined)
    const listener = {
      heard: (_sender: number, number: number) => {
        this.messages.add(number)
        this.#look()
      },
      acknowledged: (count: number) => {
        this.acknowledged += count
        this.#look()
      },
      held: (bytes: Buffer) => {
        this.have(bytes)
        this.#look()
      },
      failed: (reason: string) => this.#failure.reject(new Error(reason)),
    }
    this.device = newDevice(dialect, url, plan, listener, written)
  }

  have(bytes: Buffer): void {
    findMarkers(bytes, (_sender, number) => this.messages.add(number))
  }

  attached(): Promise<void> {
    return this.#orFailure(this.device.attach())
  }

  until(isDone: () => boolean): Promise<void> {
    this.#isDone = isDone
    this.#look()
    return this.#orFailure(this.#done.promise)
  }

  finish(): Opened {
    const seconds = (performance.now() - this.#start) / 1000
    this.device.close()
    const { sentBytes, receivedBytes } = this.device
    return { seconds, sentBytes, receivedBytes, messages: this.messages.size }
  }

  #look(): void {
    if (this.#isDone()) this.#done.resolve()
  }

  async #orFailure(work: Promise<void>): Promise<void> {
    const tooLong = setTimeout(
      () =>
        this.#failure.reject(
          new Error(`not done in ${TIMEOUT_MILLIS} ms: ${this.messages.size} messages are here`),
        ),
      TIMEOUT_MILLIS,
    )
    try {
      await Promise.race([work, this.#failure.promise])
    } finally {
      clearTimeout(tooLong)
    }
  }
}
