import { type Command, type CommandId, command as commandSchema, type Event, newId } from '@parley/protocol'
import type { Context } from 'hono'
import type { ApiDeps, ApiEnv } from './env.ts'
import { ApiError } from './errors.ts'
import { invalid } from './parse.ts'

type Intention<C extends Command = Command> = C extends Command ? Omit<C, 'id' | 'createdAt'> : never

export type Perform = (c: Context<ApiEnv>, intention: Intention, id?: CommandId) => Promise<readonly Event[]>

/**
 * Has a request do what the outbox would: as a command, through the one way in. Answers the events
 * it caused, or has caused when it first came; throws what it was refused with. It draws on the same
 * budget as the outbox, and where that waits it is refused.
 */
export const createPerform =
  ({ handler, rates, now }: Pick<ApiDeps, 'handler' | 'rates' | 'now'>): Perform =>
  async (c, intention, id = newId()) => {
    const parsed = commandSchema.safeParse({ ...intention, id, createdAt: now() })
    if (!parsed.success) throw invalid('the request', parsed.error.issues)
    const { user } = c.get('identity')
    rates.commands.demand(user.id)
    const [outcome] = await handler.handle(user.id, [parsed.data])
    if (outcome === undefined) throw new Error('a command was handled without an outcome')
    if (!outcome.accepted) throw new ApiError(outcome.refusal.code, outcome.refusal.message)
    return outcome.events
  }
