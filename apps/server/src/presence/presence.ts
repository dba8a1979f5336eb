import type { Connection } from '@hocuspocus/server'
import type { Millis, UserId } from '@parley/protocol'
import type pg from 'pg'
import type { Bus, Committed } from '../log/bus.ts'
import type { Logger } from '../logger.ts'
import { ActiveConnections, type Heard } from './active-connections.ts'
import { Farewells, type GoneListener } from './farewells.ts'
import type { Circle } from './circles.ts'
import { readCircles } from './read-circles.ts'
import { Showing } from './showing.ts'
import { Worker } from './worker.ts'

export type { GoneListener } from './farewells.ts'

/** Who leaves and is back within this time, as by loading a page anew, was not away. */
export const GRACE: Millis = 5_000
const LOOK_MS = 1_000
const CIRCLES_AT_ONCE = 100

/**
 * Called for a connection to an account document once it was greeted and before it hears who is
 * online; from then on the person counts as having an active connection. Tried again, while the
 * connection lasts, when it rejects.
 */
export type HereListener = (
  connection: Connection,
  user: UserId,
  lastActiveAt: Millis | null,
) => Promise<void>

export interface PresenceOptions {
  readonly pool: pg.Pool
  readonly bus: Bus
  readonly now: () => Millis
  readonly logger: Logger
}

/**
 * Who is there. Connections to account documents are kept in `active_connections` while they last
 * (expiry.ts has the rule for SQL); friends and members of shared direct and group conversations hear
 * of each other's coming and going, on this node at once and across nodes with the next heartbeat.
 */
export interface Presence {
  /** {@link GoneListener}: where what was missed since `lastHeardAt` is made up for. */
  onGone(listener: GoneListener): void
  /** {@link HereListener}: where waiting notifications are delivered, between `hello` and the presence of others. */
  onHere(listener: HereListener): void

  /**
   * A connection to an account document is open. Resolves once that is stored, with when the person
   * was last here before (null: never); undefined when the connection ended before.
   */
  opened(connection: Connection, socket: Heard, user: UserId): Promise<Millis | null | undefined>
  /** Calls the {@link HereListener}s; rejects when one of them does. */
  here: HereListener
  /** The connection was greeted: tells it who is online, and of every change. */
  listen(connection: Connection, user: UserId): void

  /** Friendships or blocks of these people are not what they were. */
  relationsChanged(users: Iterable<UserId>): void
  /**
   * Makes a change to somebody's profile and then tells their own devices and, unless only they can see
   * what is `private`, whoever could see the person before. With the `end` of an account its friends'
   * lists change, too.
   */
  announce<T>(user: UserId, what: 'private' | 'public' | 'end', change: () => Promise<T>): Promise<T>
  /** The same of an account that another process has deleted. */
  ended(user: UserId, circle: Circle): void

  /** Called at every heartbeat of the sockets, when they have answered. */
  beat(): void
  /** Removes what says that people are connected here. Call it when all connections have ended. */
  close(): Promise<void>
}

export function createPresence({ pool, bus, now, logger }: PresenceOptions): Presence {
  const hereListeners: HereListener[] = []
  /** Who has left, and when that will be said; in this order. */
  const graces = new Map<UserId, Millis>()
  let looking: NodeJS.Timeout | undefined
  const leaving = new Set<UserId>()
  const unread = new Set<UserId>()

  const connections = new ActiveConnections({
    pool,
    now,
    logger,
    onGone: (gone) => farewells.add(gone),
    onElsewhere: () => {
      for (const user of connections.elsewhere()) came(user)
      for (const user of showing.shown()) if (!connections.isHere(user) && !graces.has(user)) left(user)
    },
  })
  const farewells = new Farewells(logger)
  const showing = new Showing({
    now,
    isHere: (user) => connections.isHere(user),
    onError: (err) => logger.error({ err }, 'who is online could not be told to everybody'),
  })

  const circleReader = new Worker({
    work: async () => {
      while (unread.size > 0) {
        const some = [...unread].slice(0, CIRCLES_AT_ONCE)
        // What changes while it is being read is read again.
        for (const user of some) unread.delete(user)
        try {
          for (const [user, circle] of await readCircles(pool, some)) showing.relate(user, circle)
        } catch (error) {
          for (const user of some) unread.add(user)
          throw error
        }
      }
    },
    onTrouble: (err) => logger.debug({ err }, 'who sees whom could not be read yet'),
  })
  const departures = new Worker({
    work: async () => {
      const users = [...leaving].filter((user) => !connections.isHere(user))
      leaving.clear()
      try {
        const found = users.length === 0 ? new Map() : await connections.whereabouts(users)
        for (const user of users) showing.hide(user, found.get(user) ?? null)
      } catch (error) {
        for (const user of users) leaving.add(user)
        throw error
      }
    },
    onTrouble: (err) => logger.debug({ err }, 'who has left could not be told yet'),
  })

  function readCircle(user: UserId): void {
    unread.add(user)
    circleReader.wake()
  }
  function came(user: UserId): void {
    graces.delete(user)
    if (!showing.isShown(user)) readCircle(user)
  }
  function ended(user: UserId, circle: Circle): void {
    showing.tellProfile(user, circle)
    showing.tellFriends(circle)
  }
  function left(user: UserId): void {
    graces.delete(user)
    graces.set(user, now() + GRACE)
    looking ??= setInterval(lookWhoStaysAway, LOOK_MS).unref()
  }
  function lookWhoStaysAway(): void {
    const time = now()
    for (const [user, until] of graces) {
      const isClockSetBack = time < until - GRACE
      if (time < until && !isClockSetBack) break
      graces.delete(user)
      leaving.add(user)
    }
    if (leaving.size > 0) departures.wake()
    if (graces.size > 0) return
    clearInterval(looking)
    looking = undefined
  }
  function relationsChanged(users: Iterable<UserId>): void {
    for (const user of [...users]) if (connections.isHere(user) || showing.isShown(user)) readCircle(user)
  }
  function committed({ conversation, events, before, after }: Committed): void {
    if (after !== undefined && before?.members === after.members) return
    if ((after ?? before)?.kind === 'channel') return
    if (after === undefined) relationsChanged(showing.roster(conversation))
    else relationsChanged(events.flatMap((event) => (event.type === 'member' ? [event.user] : [])))
  }
  const unsubscribe = bus.subscribe(committed)

  return {
    onGone: (listener) => farewells.onGone(listener),
    onHere: (listener) => void hereListeners.push(listener),
    async opened(connection, socket, user) {
      if (!connection.document.hasConnection(connection)) return undefined
      const arrival = connections.opened(socket, user)
      connection.onClose(() => {
        showing.unlisten(user, connection)
        connections.closed(socket)
        if (!connections.isHere(user)) left(user)
      })
      came(user)
      return await arrival
    },
    async here(connection, user, lastActiveAt) {
      for (const listener of hereListeners) await listener(connection, user, lastActiveAt)
    },
    listen: (connection, user) => {
      if (connection.document.hasConnection(connection)) showing.listen(user, connection)
    },
    relationsChanged,
    async announce(user, what, change) {
      // Read before: afterwards a deleted account knows nobody.
      const circle = what === 'private' ? undefined : (await readCircles(pool, [user])).get(user)
      const result = await change()
      if (what === 'end' && circle !== undefined) ended(user, circle)
      else showing.tellProfile(user, circle)
      return result
    },
    ended,
    beat: () => connections.beat(),
    async close() {
      unsubscribe()
      clearInterval(looking)
      showing.close()
      await Promise.all([circleReader.stop(), departures.stop(), connections.close()])
      await farewells.close()
    },
  }
}
