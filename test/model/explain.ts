import { isDeepStrictEqual } from 'node:util'
import type { Command, ConversationId, Event, UserId } from '@parley/protocol'
import type { Verdict } from '../kit/doors.ts'
import type { Door } from './steps.ts'
import { attempt } from './verdicts.ts'
import type { Said, World } from './world.ts'

/** What somebody did, one after the other, while others did something else, and what they were answered. */
export interface Played {
  readonly author: UserId
  readonly door: Door
  readonly commands: readonly Command[]
  readonly verdicts: readonly (Verdict | undefined)[]
}

export type Logs = ReadonlyMap<ConversationId, readonly Event[]>

/** More orders than this are not tried: the logs leave far fewer. */
const MAX_TRIES = 30_000

/**
 * Finds an order of everything that was done at once, each one's own order kept, in which every answer
 * is right, the logs say what they say, and everybody sees what they see. Answers the world after it,
 * or how far the best order came. `unlike` says in what a world is not what is seen.
 */
export function explain(
  start: World,
  lanes: readonly Played[],
  logs: Logs,
  unlike: (world: World) => readonly string[],
): { readonly world: World } | { readonly obstacles: readonly string[] } {
  const tried = new Set<string>()
  let furthest = { done: -1, obstacles: [] as readonly string[] }
  const fail = (done: readonly number[], obstacles: readonly string[]): undefined => {
    const count = done.reduce((sum, n) => sum + n, 0)
    if (count > furthest.done) furthest = { done: count, obstacles }
    return undefined
  }
  const search = (world: World, done: readonly number[]): World | undefined => {
    const key = JSON.stringify([done, fingerprint(world)])
    if (tried.has(key)) return undefined
    tried.add(key)
    if (tried.size > MAX_TRIES) throw new Error(`no order was found among the first ${MAX_TRIES}`)
    let isOver = true
    const obstacles: string[] = []
    for (const [n, { author, door, commands, verdicts }] of lanes.entries()) {
      const at = done[n] ?? 0
      const command = commands[at]
      if (command === undefined) continue
      isOver = false
      const next = structuredClone(world)
      const { fault } = attempt(next, { author, door, command, verdict: verdicts[at], isOvertaken: true })
      const obstacle =
        fault ?? (isInLogs(world, next, logs) ? undefined : `${command.id} stands elsewhere in the log`)
      if (obstacle !== undefined) {
        obstacles.push(obstacle)
        continue
      }
      const found = search(next, done.with(n, at + 1))
      if (found !== undefined) return found
    }
    if (!isOver) return fail(done, obstacles)
    const differences = unlike(world)
    return differences.length === 0 ? world : fail([...done, 1], differences)
  }
  const found = search(
    structuredClone(start),
    lanes.map(() => 0),
  )
  return found === undefined ? furthest : { world: found }
}

const fingerprint = (world: World): unknown => [
  [...world.friends],
  [...world.blocks],
  world.requests,
  [...world.conversations.values()].map((talk) => ({ ...talk, members: [...talk.members] })),
  [...world.taken.keys()],
]

/** Whether what was said from one world to the next stands at the same places of the logs; it takes its ids from there. */
function isInLogs(before: World, after: World, logs: Logs): boolean {
  for (const talk of after.conversations.values()) {
    const log = logs.get(talk.id)
    const from = before.conversations.get(talk.id)?.log.length ?? 0
    // Of a deleted conversation there is nothing to see.
    if (log === undefined) continue
    for (const [i, said] of talk.log.entries()) if (i >= from && !takesPlace(said, log[i])) return false
  }
  return true
}

function takesPlace(said: Said, event: Event | undefined): boolean {
  if (event === undefined || event.type !== said.type || event.author !== said.author) return false
  if (said.id !== undefined && said.id !== event.id) return false
  const { seq: _seq, id, type: _type, author: _author, at: _at, hash: _hash, ...payload } = event
  const { writtenAt: _writtenAt, ...kept } = payload as Record<string, unknown>
  if (!isDeepStrictEqual(kept, said.payload)) return false
  said.id = id
  return true
}

/** Where the server made an event's id, the model takes it over from the log. */
export function learnIds(world: World, logs: Logs): void {
  for (const { id, log } of world.conversations.values())
    for (const [i, said] of log.entries()) said.id ??= logs.get(id)?.[i]?.id
}
