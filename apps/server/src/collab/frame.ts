import type { Duplex } from 'node:stream'

const FIN_BINARY = 0x82
const LENGTH_16 = 126
const LENGTH_64 = 127

/** A whole message as one WebSocket frame, unmasked as a server's are (RFC 6455, section 5.2). */
export function toFrame(message: Uint8Array): Buffer {
  const { length } = message
  const headerLength = length < LENGTH_16 ? 2 : length < 0x1_0000 ? 4 : 10
  const frame = Buffer.allocUnsafe(headerLength + length)
  frame[0] = FIN_BINARY
  if (headerLength === 2) frame[1] = length
  else if (headerLength === 4) {
    frame[1] = LENGTH_16
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = LENGTH_64
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  frame.set(message, headerLength)
  return frame
}

/**
 * Writes frames to many sockets. A broadcast hands the same bytes to one connection after the other,
 * and they are framed once; what goes to a socket in one turn of the event loop leaves in one system
 * call, the dearest part of a frame.
 */
export class FrameWriter {
  #message: Uint8Array | undefined
  #frame: Buffer | undefined
  readonly #corked = new Set<Duplex>()

  write(stream: Duplex, message: Uint8Array): void {
    if (message !== this.#message || this.#frame === undefined) {
      this.#message = message
      this.#frame = toFrame(message)
    }
    if (!this.#corked.has(stream)) {
      if (this.#corked.size === 0) setImmediate(() => this.#uncork())
      this.#corked.add(stream)
      stream.cork()
    }
    stream.write(this.#frame)
  }

  #uncork(): void {
    for (const stream of this.#corked) stream.uncork()
    this.#corked.clear()
  }
}
