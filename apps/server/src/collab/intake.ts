import type { Limit } from '../limits/limit.ts'

/** A frame counts for as many as it has times this many bytes: reading it takes so much longer. */
const FRAME_UNIT_BYTES = 16 * 1024

/** What reading so many bytes counts for, in frames. */
export const inFrames = (bytes: number): number => Math.floor(bytes / FRAME_UNIT_BYTES)

/** A socket that can be asked to bring nothing further for a while. */
interface Pausable {
  pause(): void
  resume(): void
}

export interface IntakeOptions {
  readonly socket: Pausable
  readonly frames: Limit
  /** Whose budget is drawn on: all sockets of a person share one. */
  readonly key: () => string
  readonly receive: (frame: Uint8Array) => void
}

/**
 * Takes frames off a socket no faster than their sender may send them. Who sends more is not cut off:
 * the socket is not read for a while, and TCP has the sender wait [S5].
 */
export class Intake {
  readonly #options: IntakeOptions
  /** What had been read already when the socket was paused. */
  #waiting: Uint8Array[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(options: IntakeOptions) {
    this.#options = options
  }

  take(frame: Uint8Array): void {
    this.#waiting.push(frame)
    if (this.#timer === undefined) this.#run()
  }

  /** Drops what waits: it was not acknowledged, and its sender still has it. */
  close(): void {
    clearTimeout(this.#timer)
    this.#waiting = []
  }

  #run(): void {
    const { socket, frames, key, receive } = this.#options
    for (const [index, frame] of this.#waiting.entries()) {
      const wait = frames.ask(key(), 1 + inFrames(frame.length))
      if (wait > 0) {
        this.#waiting = this.#waiting.slice(index)
        frames.noteLimited()
        socket.pause()
        this.#timer = setTimeout(() => {
          this.#timer = undefined
          socket.resume()
          this.#run()
        }, wait)
        return
      }
      receive(frame)
    }
    this.#waiting = []
  }
}
