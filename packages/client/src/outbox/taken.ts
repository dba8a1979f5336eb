import {
  command as commandSchema,
  type CommandId,
  type ConversationCommand,
  isConversationCommand,
} from '@parley/protocol'
import { z } from 'zod'
import { faultOf, type Saving } from '../store/saving.ts'
import type { Store } from '../store/store.ts'

/**
 * What the server has taken and whose events this device does not have yet, kept over restarts: between its
 * acknowledgement and its event a message is in neither the outbox nor the log, and with no network it may be so for days.
 */
export interface Taken {
  /** In their order. */
  readonly atStart: readonly ConversationCommand[]
  keep(commands: readonly ConversationCommand[]): void
  /** Their events are here, or will never come. */
  drop(ids: readonly CommandId[]): void
}

export const NOTHING_TAKEN: Taken = { atStart: [], keep: () => undefined, drop: () => undefined }

const RECORD = 'taken'

const record = z.array(z.unknown())

/** What cannot be read was written by another version of the app: its event comes all the same. */
const commandsIn = (stored: unknown): readonly ConversationCommand[] =>
  record
    .catch([])
    .parse(stored)
    .flatMap((each) => {
      const { success, data } = commandSchema.safeParse(each)
      return success && isConversationCommand(data) ? [data] : []
    })

export async function openTaken(store: Store, saving: Saving): Promise<Taken> {
  const stored = commandsIn(await saving.reads(() => store.record(RECORD)))
  const held = await Promise.all(
    stored.map(async ({ conversation, id }) => {
      try {
        // An event has the id of its command.
        return await store.eventById(conversation, id)
      } catch (error) {
        // Where the log cannot be read whoever reads it mends it: until then the command stands for its event.
        faultOf(error)
        return undefined
      }
    }),
  )
  const atStart = stored.filter((_, index) => held[index] === undefined)
  const kept = new Set(stored.map(({ id }) => id))
  const change = (next: (before: readonly ConversationCommand[]) => readonly ConversationCommand[]) =>
    void saving.run(() => store.changeRecord(RECORD, (before) => next(commandsIn(before))))
  const drop = (ids: readonly CommandId[]) => {
    const gone = new Set(ids.filter((id) => kept.delete(id)))
    if (gone.size > 0) change((before) => before.filter(({ id }) => !gone.has(id)))
  }
  drop(stored.filter((each) => !atStart.includes(each)).map(({ id }) => id))
  return {
    atStart,
    keep: (commands) => {
      for (const { id } of commands) kept.add(id)
      const fresh = new Set(commands.map(({ id }) => id))
      // Another tab may have written the same.
      change((before) => [...before.filter(({ id }) => !fresh.has(id)), ...commands])
    },
    drop,
  }
}
