import type { Duplex } from 'node:stream'
import type { Hocuspocus, WebSocketLike } from '@hocuspocus/server'
import { type Code, CODES, type Millis } from '@parley/protocol'
import type { WebSocket } from 'ws'
import type { Identity } from '../auth/identity.ts'
import type { FrameWriter } from './frame.ts'

/** Hocuspocus' side of a socket, which it does not export by name. */
export type SocketConnection = ReturnType<Hocuspocus<Context>['handleConnection']>

/** How much may wait for a reader that does not read, before it loses its connection (S5). */
const MAX_UNSENT_BYTES = 16 * 1024 * 1024
const PING = new Uint8Array([9])
const PONG = 10
/** What ws says of a connection that ended without a closing frame (RFC 6455, section 7.1.5). */
const NO_GOOD_BYE = 1006

/** One open socket and the person behind it. */
export class Peer implements WebSocketLike {
  /** Set once by the upgrade's cookie or by the first document's token, and never changed afterwards. */
  identity: Identity | undefined
  readonly #socket: WebSocket
  /** What the frames are written to. */
  readonly #stream: Duplex
  readonly #now: () => Millis
  #heardAt: Millis
  #isSilent = false
  #isReceiving = true

  readonly #frames: FrameWriter

  constructor(
    socket: WebSocket,
    stream: Duplex,
    frames: FrameWriter,
    identity: Identity | undefined,
    now: () => Millis,
  ) {
    this.#socket = socket
    this.#frames = frames
    this.#stream = stream
    this.identity = identity
    this.#now = now
    this.#heardAt = now()
  }

  /** When the other side was last known to be there. */
  get heardAt(): Millis {
    return this.#heardAt
  }

  get readyState(): number {
    return this.#socket.readyState
  }

  /**
   * Writes a frame beside ws, which frames anew for every socket. ws writes its own frames (pings,
   * the closing) at once and whole as well, so the two do not mix.
   */
  send(data: string | ArrayBufferLike | Blob | ArrayBufferView): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    if (this.#stream.writableLength > MAX_UNSENT_BYTES) {
      this.#socket.terminate()
      return
    }
    // Hocuspocus 4.7 sends nothing but what its encoder made.
    this.#frames.write(this.#stream, data as Uint8Array)
  }

  close(code?: number, reason?: string): void {
    this.#socket.close(code, reason)
  }

  /** Ends the socket, saying why. */
  end(code: Code): void {
    this.#socket.close(CODES[code].closeCode, code)
  }

  /** Takes the socket's frames to Hocuspocus, but for the answers to our pings. */
  receive(connection: SocketConnection, data: Uint8Array): void {
    this.#isSilent = false
    this.#heardAt = this.#now()
    if (!this.#isReceiving) return
    if (data.length === 1 && data[0] === PONG) connection.lastMessageReceivedAt = Date.now()
    else connection.handleMessage(data)
  }

  /** Takes note that the other side has said good-bye. */
  ended(code: number): void {
    if (code !== NO_GOOD_BYE) this.#heardAt = this.#now()
  }

  /** Takes nothing further from it; what is being answered still is. */
  stopReceiving(): void {
    this.#isReceiving = false
  }

  /**
   * Called at every heartbeat: ends a socket that did not answer the last one. A provider gives a
   * connection up when it hears nothing for 30 s, so a quiet one hears a ping. A socket that is not
   * read for a while, because its sender has sent too much, may have answered (intake.ts).
   */
  beat(): void {
    if (this.#isSilent && !this.#socket.isPaused) {
      this.#socket.terminate()
      return
    }
    this.#isSilent = true
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(PING)
  }
}

/** What Hocuspocus carries along for each document of a socket. */
export interface Context {
  readonly peer: Peer
  /** Whose address limits the socket counts against. */
  readonly address: string
}
