import { isDeepStrictEqual } from 'node:util'
import type { ConversationId, Event } from '@parley/protocol'
import type { Actor } from '../kit/doors.ts'
import { differences } from './differences.ts'
import type { Logs } from './explain.ts'
import { observe, type Observing, untilSynced } from './observe.ts'
import { type Looking, type View, viewOf } from './view.ts'
import type { World } from './world.ts'

/** What everybody saw while nothing happened. */
export interface Seen {
  readonly views: ReadonlyMap<Actor, { readonly looking: Looking; readonly view: View }>
  readonly logs: Logs
}

export async function look(
  actors: readonly Actor[],
  looking: Omit<Observing, 'logs' | 'isOnline'>,
  isOnline: (actor: Actor) => boolean,
): Promise<Seen> {
  const logs = new Map<ConversationId, readonly Event[]>()
  const views = await Promise.all(
    actors.map(async (actor) => {
      const own = { ...looking, isOnline: isOnline(actor) }
      if (own.isOnline) await untilSynced(actor)
      return [actor, { looking: own, view: await observe(actor, { ...own, logs }) }] as const
    }),
  )
  return { views: new Map(views), logs }
}

/** In what somebody saw anything else than the rules make them see in this world. */
export const unlike = ({ views }: Seen, world: World): readonly string[] =>
  [...views].flatMap(([{ id, name }, { looking, view }]) => {
    const should = viewOf(world, id, looking)
    return isDeepStrictEqual(view, should) ? [] : differences(should, view, name)
  })
