import type { Connection } from '@hocuspocus/server'
import type { Limit } from '../limits/limit.ts'

/**
 * How often a person's typing and activity in one conversation may change for the others: each change
 * goes to every member who is there, so a flood of one would be a thousand times as much [S5]. Of what
 * comes too soon the latest is shown later, so that nobody is seen typing for ever.
 */
export class PresencePace {
  readonly #presence: Limit
  /** What each connection says last, until it is its turn. */
  readonly #later = new Map<Connection, () => void>()

  constructor(presence: Limit) {
    this.#presence = presence
  }

  /** Whether something may be shown now; else `show` is called when it may, unless the connection says more or ends before. */
  mayShow(connection: Connection, key: string, show: () => void): boolean {
    if (!this.#later.has(connection)) {
      if (this.#presence.ask(key) === 0) return true
      this.#presence.noteLimited()
      setTimeout(() => this.#show(connection), this.#presence.reserve(key, 1)).unref()
    }
    this.#later.set(connection, show)
    return false
  }

  #show(connection: Connection): void {
    const show = this.#later.get(connection)
    this.#later.delete(connection)
    if (connection.document.hasConnection(connection)) show?.()
  }
}
