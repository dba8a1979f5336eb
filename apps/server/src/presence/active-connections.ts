import { randomUUID } from 'node:crypto'
import type { Millis, UserId } from '@parley/protocol'
import type pg from 'pg'
import type { Logger } from '../logger.ts'
import {
  type ConnectionRow,
  findWhereabouts,
  type Gone,
  readOthers,
  removeConnections,
  storeArrivals,
  storeHeartbeats,
} from './connection-rows.ts'
import { Worker } from './worker.ts'

/** So many ended connections wait for a database that is away. The rows of older ones expire by themselves. */
const MAX_ENDED = 10_000
/** How many people's crashed connections are removed in one transaction. */
const SWEPT_AT_ONCE = 500

/** A socket, as far as it is known here. */
export interface Heard {
  /** When anything last came from it. */
  readonly heardAt: Millis
}

export interface ActiveConnectionsOptions {
  readonly pool: pg.Pool
  readonly now: () => Millis
  readonly logger: Logger
  /** The last connection of these people, on any node, is no more; committed. */
  readonly onGone: (gone: readonly Gone[]) => void
  /** Who is on other nodes may have changed. */
  readonly onElsewhere: () => void
}

interface Open {
  readonly id: string
  readonly user: UserId
  readonly connectedAt: Millis
  readonly socket: Heard
  readonly arrival: PromiseWithResolvers<Millis | null | undefined>
  /** How often the socket has the account document open. */
  documents: number
  /** Whether the database has the row, or may have it. */
  isStored: boolean
}

/**
 * The rows of `active_connections`: one for every socket of this node that has its owner's account
 * document open. Nothing waits for the database but whoever is greeted: connections come and go, and
 * one worker stores it behind them, as much at a time as has come up since the last.
 */
export class ActiveConnections {
  /** This start of the server; the rows of an earlier one have nobody who renews them, and expire. */
  readonly #node = randomUUID()
  readonly #options: ActiveConnectionsOptions
  readonly #worker: Worker
  readonly #open = new Map<Heard, Open>()
  readonly #ofUser = new Map<UserId, Set<Open>>()
  readonly #arriving = new Set<Open>()
  readonly #ended = new Map<string, ConnectionRow>()
  #elsewhere = new Map<UserId, Millis>()
  #isBeatDue = false
  #wasInTrouble = false

  constructor(options: ActiveConnectionsOptions) {
    this.#options = options
    this.#worker = new Worker({
      work: () => this.#store(),
      onTrouble: (error) => {
        this.#wasInTrouble = true
        options.logger.warn({ err: error }, 'active connections could not be stored; they are tried again')
      },
    })
  }

  /** Whether a person has a connection, on this node or, as far as is known, on another. */
  isHere(user: UserId): boolean {
    return this.#ofUser.has(user) || this.#elsewhere.has(user)
  }

  /** Everybody on other nodes, as of the last heartbeat. */
  elsewhere(): Iterable<UserId> {
    return this.#elsewhere.keys()
  }

  /**
   * An account document was opened. Resolves once the row is stored, with when the person was last
   * here before this connection (null: never), and with undefined when it ended before that.
   */
  opened(socket: Heard, user: UserId): Promise<Millis | null | undefined> {
    const known = this.#open.get(socket)
    if (known !== undefined) {
      known.documents += 1
      return known.arrival.promise
    }
    const open: Open = {
      id: randomUUID(),
      user,
      connectedAt: this.#options.now(),
      socket,
      arrival: Promise.withResolvers(),
      documents: 1,
      isStored: false,
    }
    this.#open.set(socket, open)
    this.#ofUser.set(user, (this.#ofUser.get(user) ?? new Set()).add(open))
    this.#arriving.add(open)
    this.#worker.wake()
    return open.arrival.promise
  }

  /** An account document was closed, by either side. */
  closed(socket: Heard): void {
    const open = this.#open.get(socket)
    if (open === undefined) return
    open.documents -= 1
    if (open.documents > 0) return
    this.#open.delete(socket)
    const others = this.#ofUser.get(open.user)
    others?.delete(open)
    if (others?.size === 0) this.#ofUser.delete(open.user)
    this.#arriving.delete(open)
    open.arrival.resolve(undefined)
    if (!open.isStored) return
    this.#ended.set(open.id, toRow(open))
    const [oldest] = this.#ended.keys()
    if (this.#ended.size > MAX_ENDED && oldest !== undefined) this.#ended.delete(oldest)
    this.#worker.wake()
  }

  /** Called at every heartbeat: stores who was heard from, and looks at what other nodes have stored and left. */
  beat(): void {
    this.#isBeatDue = true
    this.#worker.wake()
  }

  /** When people who have left this node were last here; knows afterwards who of them is on another. */
  async whereabouts(users: readonly UserId[]): Promise<ReadonlyMap<UserId, Millis | null>> {
    const { pool, now } = this.#options
    const found = await findWhereabouts(pool, this.#node, users, now())
    for (const [user, { isElsewhere, lastActiveAt }] of found) {
      if (isElsewhere) this.#elsewhere.set(user, lastActiveAt ?? now())
      else this.#elsewhere.delete(user)
    }
    return new Map([...found].map(([user, { lastActiveAt }]) => [user, lastActiveAt]))
  }

  /** Removes this node's rows. Without a database they expire by themselves. */
  async close(): Promise<void> {
    await this.#worker.stop()
    for (const open of [...this.#open.values()]) {
      open.documents = 1
      this.closed(open.socket)
    }
    try {
      if (this.#ended.size > 0) await this.#storeEnded()
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'active connections could not be removed; they will expire')
    }
  }

  async #store(): Promise<void> {
    if (this.#ended.size > 0) await this.#storeEnded()
    if (this.#arriving.size > 0) await this.#storeArriving()
    if (this.#isBeatDue) await this.#storeBeat()
  }

  async #storeEnded(): Promise<void> {
    const ended = [...this.#ended.values()]
    await this.#remove(
      ended.map(({ user }) => user),
      ended,
    )
    for (const { id } of ended) this.#ended.delete(id)
  }

  async #remove(users: readonly UserId[], ended: readonly ConnectionRow[]): Promise<void> {
    const { pool, now, onGone } = this.#options
    onGone(await removeConnections(pool, [...new Set(users)], ended, now()))
  }

  async #storeArriving(): Promise<void> {
    const { pool } = this.#options
    const arriving = [...this.#arriving]
    for (const open of arriving) open.isStored = true
    const before = await storeArrivals(pool, this.#node, arriving.map(toRow))
    for (const open of arriving) {
      this.#arriving.delete(open)
      // Of sockets here it is known to the moment when they were heard from, in the database to the heartbeat.
      const others = [...(this.#ofUser.get(open.user) ?? [])].filter((other) => isBefore(other, open))
      open.arrival.resolve(
        latest([before.get(open.id) ?? null, ...others.map(({ socket }) => socket.heardAt)]),
      )
    }
  }

  async #storeBeat(): Promise<void> {
    const { pool, now, onElsewhere } = this.#options
    this.#isBeatDue = false
    try {
      const stored = [...this.#open.values()].filter(({ isStored }) => isStored)
      if (stored.length > 0) await storeHeartbeats(pool, this.#node, stored.map(toRow))
      const { present, expired } = await readOthers(pool, this.#node, now())
      this.#elsewhere = new Map(present)
      onElsewhere()
      // Whom the database was away from could not renew their rows: they have until the next beat.
      if (!this.#wasInTrouble) {
        for (let start = 0; start < expired.length; start += SWEPT_AT_ONCE)
          await this.#remove(expired.slice(start, start + SWEPT_AT_ONCE), [])
      }
      this.#wasInTrouble = false
    } catch (error) {
      this.#isBeatDue = true
      throw error
    }
  }
}

const toRow = ({ id, user, connectedAt, socket }: Open): ConnectionRow => ({
  id,
  user,
  connectedAt,
  heardAt: socket.heardAt,
})

const isBefore = (other: Open, open: Open): boolean => other !== open && other.connectedAt < open.connectedAt

const latest = (times: readonly (Millis | null)[]): Millis | null =>
  times.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null)
