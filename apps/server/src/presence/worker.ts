const FIRST_RETRY_MS = 500
const MAX_RETRY_MS = 10_000

export interface WorkerOptions {
  /** Does all that is there to do. What comes up meanwhile is for the next time: {@link Worker.wake}. */
  readonly work: () => Promise<void>
  readonly onTrouble: (error: unknown) => void
}

/** Works one thing after the other, whenever woken; after trouble again by itself, at growing intervals. */
export class Worker {
  readonly #options: WorkerOptions
  #running: Promise<void> | undefined
  #again = false
  #retry: NodeJS.Timeout | undefined
  #failures = 0
  #isStopped = false

  constructor(options: WorkerOptions) {
    this.#options = options
  }

  /** Says that there is work. */
  wake(): void {
    if (this.#isStopped || this.#retry !== undefined) return
    this.#again = true
    this.#running ??= this.#run()
  }

  /** Does nothing further; resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#retry)
    await this.#running
  }

  async #run(): Promise<void> {
    while (this.#again && !this.#isStopped) {
      this.#again = false
      try {
        await this.#options.work()
        this.#failures = 0
      } catch (error) {
        this.#options.onTrouble(error)
        this.#retryLater()
        break
      }
    }
    // Here and not when the promise settles, which is a moment later: who wakes in between would not be heard.
    this.#running = undefined
  }

  #retryLater(): void {
    if (this.#isStopped) return
    const pause = Math.min(FIRST_RETRY_MS * 2 ** this.#failures, MAX_RETRY_MS)
    this.#failures += 1
    this.#retry = setTimeout(() => {
      this.#retry = undefined
      this.wake()
    }, pause).unref()
  }
}
