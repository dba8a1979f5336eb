import { randomBytes } from 'node:crypto'
import {
  accountDocument,
  type ConversationId,
  conversationDocument,
  newId,
  type UserId,
} from '@parley/protocol'
import { ArrayPusher, type Entry } from './array-pusher.ts'
import type { Device, DeviceListener, Message } from './device.ts'
import { FrameSocket } from './frame-socket.ts'
import * as wire from './hocuspocus-wire.ts'
import { findMarkers } from './marker.ts'
import type { DevicePlan } from './plan.ts'

/** A server lets a socket have a hundred documents pending; half of that leaves room. */
const ATTACH_AT_ONCE = 50

/** How far one document has got; `applied`: the server has taken what we had for it. */
interface Attaching {
  readonly done: PromiseWithResolvers<void>
  hasStep2: boolean
  isApplied: boolean
  readonly writtenCount: number
  readonly written: Uint8Array | undefined
}

/**
 * A member of Parley (account document and conversations) or of the relay (conversations only).
 * What it writes goes to the account's outbox there, and into the conversation's own array here.
 */
export class HocuspocusDevice implements Device {
  readonly #dialect: 'parley' | 'relay'
  readonly #plan: DevicePlan
  readonly #listener: DeviceListener
  readonly #socket: FrameSocket
  readonly #account: string
  readonly #documents: readonly string[]
  readonly #attaching = new Map<string, Attaching>()
  readonly #pushers = new Map<string, ArrayPusher>()

  constructor(
    dialect: 'parley' | 'relay',
    url: string,
    plan: DevicePlan,
    listener: DeviceListener,
    written: readonly Message[],
  ) {
    this.#dialect = dialect
    this.#plan = plan
    this.#listener = listener
    this.#account = accountDocument(plan.user as UserId)
    const conversations = plan.conversations.map((id) => conversationDocument(id as ConversationId))
    this.#documents = dialect === 'parley' ? [this.#account, ...conversations] : conversations
    for (const document of this.#documents) {
      const mine = written.filter((message) => this.#documentFor(message) === document)
      this.#attaching.set(document, {
        done: Promise.withResolvers(),
        hasStep2: false,
        isApplied: false,
        writtenCount: mine.length,
        written: mine.length > 0 ? this.#push(document, mine) : undefined,
      })
    }
    this.#socket = new FrameSocket(new URL('/sync', url), {
      onFrame: (bytes) => this.#receive(bytes),
      onClose: (reason) => this.#fail(reason),
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
    const pending = [...this.#attaching]
    for (let first = 0; first < pending.length; first += ATTACH_AT_ONCE) {
      const wave = pending.slice(first, first + ATTACH_AT_ONCE)
      for (const [document] of wave) {
        this.#socket.send(wire.tokenFrame(document, this.#plan.token))
        this.#socket.send(wire.step1Frame(document))
      }
      await Promise.all(wave.map(([, { done }]) => done.promise))
    }
  }

  say(message: Message): void {
    const document = this.#documentFor(message)
    this.#socket.send(wire.updateFrame(document, this.#push(document, [message])))
  }

  keepAlive(): void {
    for (const document of this.#documents) this.#socket.send(wire.keepAliveFrame(document))
  }

  close(): void {
    this.#socket.close()
  }

  #documentFor({ conversation }: Message): string {
    return this.#dialect === 'parley' ? this.#account : conversationDocument(conversation as ConversationId)
  }

  #push(document: string, messages: readonly Message[]): Uint8Array {
    let pusher = this.#pushers.get(document)
    if (pusher === undefined) {
      pusher = new ArrayPusher(
        this.#dialect === 'parley' ? 'outbox' : 'messages',
        randomBytes(4).readUInt32BE(),
      )
      this.#pushers.set(document, pusher)
    }
    return pusher.push(messages.map((message) => this.#entry(message)))
  }

  #entry({ conversation, text }: Message): Entry {
    const at = Date.now()
    return this.#dialect === 'parley'
      ? { id: newId(), type: 'message.send', createdAt: at, conversation, text }
      : { id: newId(), type: 'message', at, author: this.#plan.user, text }
  }

  #receive(bytes: Buffer): void {
    const received = wire.whatIs(bytes)
    switch (received) {
      case 'update':
        if (this.#isConversation(bytes)) this.#hear(bytes)
        return
      case 'step-1':
        return this.#answerStep1(wire.documentOf(bytes))
      case 'step-2':
        if (this.#isConversation(bytes)) this.#listener.held(wire.payloadOf(bytes))
        return this.#progress(wire.documentOf(bytes), { hasStep2: true })
      case 'applied':
        return this.#applied(wire.documentOf(bytes))
      case 'not-applied':
      case 'denied':
        return this.#fail(
          `${received}: ${wire.documentOf(bytes)} ${bytes.toString('latin1', bytes.length - 40)}`,
        )
      case 'other':
        return
    }
  }

  /** 'conversation/…', not 'account/…'. */
  #isConversation(bytes: Buffer): boolean {
    return bytes[1] === 0x63
  }

  #hear(bytes: Buffer): void {
    findMarkers(bytes, (sender, number, sentAt) => this.#listener.heard(sender, number, sentAt))
  }

  #answerStep1(document: string): void {
    const written = this.#attaching.get(document)?.written
    this.#socket.send(wire.step2Frame(document, written))
  }

  #applied(document: string): void {
    const attaching = this.#attaching.get(document)
    if (attaching === undefined) {
      if (this.#dialect === 'relay') this.#listener.acknowledged(1)
      return
    }
    if (this.#dialect === 'relay' && attaching.writtenCount > 0)
      this.#listener.acknowledged(attaching.writtenCount)
    this.#progress(document, { isApplied: true })
  }

  #progress(document: string, change: Partial<Pick<Attaching, 'hasStep2' | 'isApplied'>>): void {
    const attaching = this.#attaching.get(document)
    if (attaching === undefined) return
    Object.assign(attaching, change)
    if (!attaching.hasStep2 || !attaching.isApplied) return
    this.#attaching.delete(document)
    attaching.done.resolve()
  }

  #fail(reason: string): void {
    for (const { done } of this.#attaching.values()) done.reject(new Error(reason))
    this.#listener.failed(reason)
  }
}
