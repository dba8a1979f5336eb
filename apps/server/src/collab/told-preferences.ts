import { accountRoots, notificationEntries, readPreferences, type UserId } from '@parley/protocol'
import type pg from 'pg'
import type * as Y from 'yjs'

export interface ToldPreferencesOptions {
  readonly doc: Y.Doc
  readonly owner: UserId
  readonly pool: pg.Pool
}

/** Keeps what a person wants to be told of where it is found when none of their devices is connected. */
export class ToldPreferences {
  readonly #options: ToldPreferencesOptions
  /** As this document last stored it: most of what changes in one is something else. */
  #stored: string | undefined

  constructor(options: ToldPreferencesOptions) {
    this.#options = options
  }

  async store(): Promise<void> {
    const { doc, owner, pool } = this.#options
    const entries = JSON.stringify(notificationEntries(readPreferences(accountRoots(doc).prefs.entries())))
    if (entries === this.#stored) return
    await pool.query(
      `INSERT INTO notification_preferences (user_id, entries)
       SELECT id, $2 FROM users WHERE id = $1 AND deleted_at IS NULL
       ON CONFLICT (user_id) DO UPDATE SET entries = excluded.entries
       WHERE notification_preferences.entries IS DISTINCT FROM excluded.entries`,
      [owner, entries],
    )
    this.#stored = entries
  }
}
