import type { Command } from '@parley/protocol'
import { type Actor, type Verdict, verdictOf } from '../kit/doors.ts'
import type { Given, Scene } from './choices.ts'
import { commandOf } from './command-of.ts'
import type { Played } from './explain.ts'
import { intend } from './intend.ts'
import { within } from './patience.ts'
import type { Door, Lane } from './steps.ts'

export interface Planned {
  readonly actor: Actor
  readonly door: Door
  readonly commands: readonly Command[]
}

/** What each will do: meant for the world as it was before, and for what they do themselves. `given` grows by it. */
export function plan(
  lanes: readonly Lane[],
  alive: readonly Actor[],
  scene: Scene,
  given: Given[],
): Planned[] {
  return lanes.map(({ who, door, acts }) => {
    const actor = alive[who % alive.length] as Actor
    const world = structuredClone(scene.world)
    const commands = acts.flatMap((act) => {
      const command = commandOf({ ...scene, world, given }, actor.id, act)
      if (command === undefined) return []
      if (act.do !== 'repeat') given.push({ author: actor.id, command })
      intend(world, actor.id, command, true)
      return [command]
    })
    return { actor, door, commands }
  })
}

/** Does it: an outbox at one go, requests one after the other. */
export async function play({ actor, door, commands }: Planned): Promise<Played> {
  const lane = { author: actor.id, door, commands }
  if (door === 'outbox') {
    await within('the outbox', actor.outbox(...commands))
    return { ...lane, verdicts: verdictsOf(actor, commands) }
  }
  const verdicts: Verdict[] = []
  for (const command of commands) verdicts.push(await within('an answer', actor.rest(command)))
  return { ...lane, verdicts }
}

/** What was given twice has one place among the rejections: which of the two was refused cannot be told. */
export function verdictsOf(actor: Actor, commands: readonly Command[]): (Verdict | undefined)[] {
  const doc = actor.account()
  return commands.map((command) =>
    commands.filter(({ id }) => id === command.id).length > 1 ? undefined : verdictOf(doc, command),
  )
}
