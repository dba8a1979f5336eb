import { once } from 'node:events'
import { WebSocket } from 'ws'
import { type Answer, authFrame, readFrame, syncStep1Frame } from './frames.ts'

const EMPTY_STATE_VECTOR = new Uint8Array([0])

/** A socket to `/sync` with nothing between it and the test: sends any bytes, keeps all answers. */
export class RawPeer {
  readonly answers: Answer[] = []
  closed: { code: number; reason: string } | undefined
  readonly #socket: WebSocket
  #wake = Promise.withResolvers<void>()

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.binaryType = 'nodebuffer'
    socket.on('message', (data: Buffer) => {
      const answer = readFrame(data)
      if (answer === 'ping') socket.send(new Uint8Array([10]))
      else this.answers.push(answer)
      this.#stir()
    })
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() }
      this.#stir()
    })
    socket.on('error', () => {
      // A server that ends a connection in the middle of our frame is what many of the tests are about; `close` follows.
    })
  }

  static async connect(url: string, headers: Record<string, string> = {}): Promise<RawPeer> {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/sync`, { headers })
    const peer = new RawPeer(socket)
    await once(socket, 'open')
    return peer
  }

  send(...frames: readonly (Uint8Array | string)[]): void {
    for (const frame of frames) this.#socket.send(frame)
  }

  /** Asks for a document; answers whether it was granted and the reason given. */
  async open(document: string, token: string): Promise<{ granted: boolean; reason: string }> {
    const from = this.answers.length
    this.send(authFrame(document, token))
    const { granted, reason } = await this.next('auth', (answer) => answer.document === document, from)
    return { granted, reason }
  }

  /** The first answer of a type, from place `from` of all answers on; rejects when the socket closes first. */
  async next<T extends Answer['type']>(
    type: T,
    isIt: (answer: Extract<Answer, { type: T }>) => boolean = () => true,
    from = 0,
  ): Promise<Extract<Answer, { type: T }>> {
    for (;;) {
      const found = this.answers
        .slice(from)
        .find(
          (answer): answer is Extract<Answer, { type: T }> =>
            answer.type === type && isIt(answer as Extract<Answer, { type: T }>),
        )
      if (found !== undefined) return found
      if (this.closed !== undefined)
        throw new Error(`closed with ${this.closed.code} ${this.closed.reason} before any ${type}`)
      await this.#wake.promise
    }
  }

  /** Waits until the server has dealt with everything sent before: it answered a question, or ended the document or the socket. */
  async settled(document: string): Promise<'answered' | 'document closed' | 'socket closed'> {
    const from = this.answers.length
    if (this.closed === undefined) this.send(syncStep1Frame(document, EMPTY_STATE_VECTOR))
    for (;;) {
      if (this.answers.some((answer) => answer.type === 'close' && answer.document === document))
        return 'document closed'
      if (
        this.answers
          .slice(from)
          .some((answer) => answer.type === 'sync' && answer.step === 1 && answer.document === document)
      )
        return 'answered'
      if (this.closed !== undefined) return 'socket closed'
      await this.#wake.promise
    }
  }

  async untilClosed(): Promise<{ code: number; reason: string }> {
    while (this.closed === undefined) await this.#wake.promise
    return this.closed
  }

  /** Takes nothing further off the wire, as a reader that hangs. */
  pause(): void {
    this.#socket.pause()
  }

  close(): void {
    this.#socket.terminate()
  }

  #stir(): void {
    this.#wake.resolve()
    this.#wake = Promise.withResolvers()
  }
}
