import type { Logger } from '../logger.ts'

export interface SaverOptions {
  readonly save: (name: string) => Promise<void>
  /** Called when a document that could not be saved for a while is saved at last. */
  readonly onSaved?: (name: string) => void
  readonly logger: Logger
  /** How long a changed document waits for further changes, and how long at most. */
  readonly debounceMs?: number
  readonly maxWaitMs?: number
}

interface Dirty {
  timer: NodeJS.Timeout
  since: number
  failures: number
}

const MAX_RETRY_MS = 30_000

/**
 * Saves changed documents after a pause, and keeps trying: a document is clean only once its save
 * has succeeded [N5]. Hocuspocus' own debouncer tries once and forgets.
 */
export class Saver {
  readonly #options: Required<Omit<SaverOptions, 'onSaved'>> & Pick<SaverOptions, 'onSaved'>
  readonly #dirty = new Map<string, Dirty>()
  readonly #saving = new Map<string, Promise<void>>()

  constructor(options: SaverOptions) {
    this.#options = { debounceMs: 2_000, maxWaitMs: 10_000, ...options }
  }

  isDirty(name: string): boolean {
    return this.#dirty.has(name) || this.#saving.has(name)
  }

  /** Says that a document has changed. */
  touch(name: string): void {
    const { debounceMs, maxWaitMs } = this.#options
    const dirty = this.#dirty.get(name)
    if (dirty === undefined) {
      this.#dirty.set(name, { timer: this.#schedule(name, debounceMs), since: Date.now(), failures: 0 })
    } else if (dirty.failures === 0 && Date.now() - dirty.since + debounceMs < maxWaitMs) {
      // Hot documents change many times a second: the timer that is there is moved, not replaced.
      dirty.timer.refresh()
    }
  }

  /** Saves now what has changed; rejects when that fails (and goes on trying later). */
  async flush(name: string): Promise<void> {
    await this.#saving.get(name)?.catch(() => {
      // The attempt under way reports to its own caller; ours follows.
    })
    if (this.#dirty.has(name)) await this.#save(name)
  }

  /** Saves everything; answers the names that could not be saved. */
  async flushAll(): Promise<string[]> {
    const names = [...new Set([...this.#dirty.keys(), ...this.#saving.keys()])]
    const results = await Promise.allSettled(names.map((name) => this.flush(name)))
    return names.filter((_, index) => results[index]?.status === 'rejected')
  }

  /** Ends all timers; what is dirty stays unsaved. */
  stop(): void {
    for (const { timer } of this.#dirty.values()) clearTimeout(timer)
    this.#dirty.clear()
  }

  /** Forgets a document that is not to be saved any more. */
  drop(name: string): void {
    clearTimeout(this.#dirty.get(name)?.timer)
    this.#dirty.delete(name)
  }

  #schedule(name: string, ms: number): NodeJS.Timeout {
    const run = (): void => {
      this.#save(name).catch(() => {
        // Logged, and scheduled again, where it failed.
      })
    }
    return setTimeout(run, ms).unref()
  }

  #save(name: string): Promise<void> {
    const underWay = this.#saving.get(name)
    if (underWay !== undefined) return underWay
    const dirty = this.#dirty.get(name)
    clearTimeout(dirty?.timer)
    this.#dirty.delete(name)
    const saving = this.#options.save(name).then(
      () => {
        this.#saving.delete(name)
        if (dirty !== undefined && dirty.failures > 0) this.#options.onSaved?.(name)
      },
      (error: unknown) => {
        this.#saving.delete(name)
        const failures = (dirty?.failures ?? 0) + 1
        clearTimeout(this.#dirty.get(name)?.timer)
        const retryMs = Math.min(this.#options.debounceMs * 2 ** (failures - 1), MAX_RETRY_MS)
        this.#dirty.set(name, { timer: this.#schedule(name, retryMs), since: Date.now(), failures })
        this.#options.logger.warn(
          { err: error, document: name, failures },
          'a document could not be saved; it is kept and tried again',
        )
        throw error
      },
    )
    this.#saving.set(name, saving)
    return saving
  }
}
