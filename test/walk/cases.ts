import { accountRoots, type Code, type Command, type UserId, whyNot } from '@parley/protocol'
import { type Actor, intend, type Verdict, verdictOf } from '../kit/doors.ts'
import type { Place } from './places.ts'
import type { Row } from './rows.ts'

export type Door = 'REST' | 'outbox'

/** One cell of the walk: somebody goes about a row at a place, by a door. */
export interface Case {
  readonly row: Row
  readonly actor: Actor
  readonly place: Place
  readonly door: Door
  readonly command: Command
  /** Undefined: it is to be accepted. */
  readonly refusal: Code | undefined
}

/** What `whyNot` says of it. Everything beside it that bears on the answer is named in the row. */
export function refusalOf(
  { action, isNeverTaken }: Row,
  actor: UserId,
  { governed }: Place,
): Code | undefined {
  const wanted = action(actor)
  // Of nothing one is told what one is told of what is not one's own.
  if (governed === undefined) return 'forbidden'
  // Who is in it already has joined.
  if (wanted.do === 'join' && governed.members.has(actor)) return undefined
  const speaking = wanted.do === 'mention-everyone' ? whyNot(actor, { do: 'send' }, governed) : undefined
  return speaking ?? whyNot(actor, wanted, governed) ?? (isNeverTaken ? 'forbidden' : undefined)
}

/** The events that the case should add to its place's log. */
export function effectOf({ row, actor, place, refusal }: Case): readonly object[] {
  if (refusal !== undefined) return []
  if (row.name === 'join' && place.governed?.members.has(actor.id)) return []
  return row.effect(actor.id, place)
}

const AT_ONCE = 8

/** Does all of it: each actor's outbox at one go, and some requests at a time. */
export async function perform(cases: readonly Case[]): Promise<ReadonlyMap<Case, Verdict>> {
  const verdicts = new Map<Case, Verdict>()
  const byOutbox = Map.groupBy(
    cases.filter(({ door }) => door === 'outbox'),
    ({ actor }) => actor,
  )
  for (const [actor, own] of byOutbox) {
    const answers = await viaOutbox(
      actor,
      own.map(({ command }) => command),
    )
    for (const [i, each] of own.entries()) verdicts.set(each, answers[i] as Verdict)
  }
  const byRest = cases.filter(({ door }) => door === 'REST')
  const worker = async (first: number): Promise<void> => {
    for (let i = first; i < byRest.length; i += AT_ONCE) {
      const each = byRest[i] as Case
      verdicts.set(each, await each.actor.rest(each.command))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => worker(i)))
  return verdicts
}

/** How many commands an outbox is given at a time: what it may hold is limited. */
const OUTBOX_FILL = 2_000

export async function viaOutbox(actor: Actor, commands: readonly Command[]): Promise<Verdict[]> {
  const { doc, until } = actor.device().account()
  const { outbox } = accountRoots(doc)
  for (let start = 0; start < commands.length; start += OUTBOX_FILL) {
    intend(doc, commands.slice(start, start + OUTBOX_FILL))
    await until(() => outbox.length === 0)
  }
  return commands.map((command) => verdictOf(doc, command))
}
