/** Lets one wait until something may have changed, and say what was waited for when it does not come. */
export class Signal {
  #wake = Promise.withResolvers<void>()

  fire(): void {
    this.#wake.resolve()
    this.#wake = Promise.withResolvers()
  }

  /** Resolves when `isSo` holds, looking again after each fire; rejects with `missing()` when that takes too long. */
  async until(isSo: () => boolean, withinMs: number, missing: () => string): Promise<void> {
    const late = new AbortController()
    const timer = setTimeout(() => {
      late.abort()
      this.fire()
    }, withinMs)
    try {
      while (!isSo()) {
        if (late.signal.aborted) throw new Error(`not within ${withinMs} ms: ${missing()}`)
        await this.#wake.promise
      }
    } finally {
      clearTimeout(timer)
    }
  }
}
