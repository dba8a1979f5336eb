/** How many steps are taken in one turn of the event loop: a millisecond or two, so that messages go in between. */
const STEPS = 200

/** Does long jobs, one after the other and each in slices, beside everything else. */
export class Slices {
  readonly #onError: (error: unknown) => void
  #jobs: Iterator<unknown>[] = []
  #isRunning = false

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError
  }

  add(job: Iterator<unknown>): void {
    this.#jobs.push(job)
    if (this.#isRunning) return
    this.#isRunning = true
    setImmediate(() => this.#run())
  }

  clear(): void {
    this.#jobs = []
  }

  #run(): void {
    for (let step = 0; step < STEPS; step += 1) {
      const [job] = this.#jobs
      if (job === undefined) {
        this.#isRunning = false
        return
      }
      if (this.#isDone(job)) this.#jobs.shift()
    }
    setImmediate(() => this.#run())
  }

  #isDone(job: Iterator<unknown>): boolean {
    try {
      return job.next().done === true
    } catch (error) {
      this.#onError(error)
      return true
    }
  }
}
