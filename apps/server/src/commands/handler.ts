import {
  type Command,
  type CommandId,
  type Conversation,
  type ConversationCommand,
  type ConversationId,
  type Event,
  type EventId,
  type FriendCommand,
  isConversationCommand,
  type Limits,
  type Millis,
  type Refusal,
  type UserId,
} from '@parley/protocol'
import type { Appender, KnownCommands, Work } from '../log/appender.ts'
import type { Branch, Settled } from '../log/branch.ts'
import { findKnownCommands } from '../log/known-commands.ts'
import { noticesOf } from '../notifications/notice.ts'
import { decide, refuse } from './decide.ts'
import { type Facts, needFacts, NO_FACTS, peerOf, readFacts, withLearned } from './facts.ts'
import type { CommandHandler, Outcome } from './outcome.ts'

export interface HandlerOptions {
  readonly appender: Appender
  readonly friends: (author: UserId, command: FriendCommand, now: Millis) => Promise<Outcome>
  readonly limits: Limits
  readonly now: () => Millis
}

/** The one way in: cuts what one author intends into runs, and has each run decided and committed in order [C2]. */
export function createCommandHandler(options: HandlerOptions): CommandHandler {
  return {
    async handle(author, commands) {
      const outcomes: Outcome[] = []
      for (const run of runsOf(commands)) {
        if (run.kind === 'friend') outcomes.push(await options.friends(author, run.command, options.now()))
        else outcomes.push(...(await handleRun(options, author, run.commands)))
      }
      return outcomes
    },
  }
}

type Run =
  | { readonly kind: 'friend'; readonly command: FriendCommand }
  | { readonly kind: 'conversation'; readonly commands: ConversationCommand[] }

/** What concerns conversations takes effect together; what concerns two people waits for what stands before it. */
function runsOf(commands: readonly Command[]): Run[] {
  const runs: Run[] = []
  for (const command of commands) {
    const last = runs.at(-1)
    if (!isConversationCommand(command)) runs.push({ kind: 'friend', command })
    else if (last?.kind === 'conversation') last.commands.push(command)
    else runs.push({ kind: 'conversation', commands: [command] })
  }
  return runs
}

/** Decides each conversation's commands by themselves, since none bears on another's, and commits them together. */
async function handleRun(
  { appender, limits }: HandlerOptions,
  author: UserId,
  commands: readonly ConversationCommand[],
): Promise<Outcome[]> {
  const parts = [...Map.groupBy(commands, ({ conversation }) => conversation)].map(([conversation, own]) =>
    decideLater(author, conversation, own, limits, appender.peek(conversation)),
  )
  await appender.submit(parts.map(({ work }) => work))
  const outcomes = new Map(parts.flatMap((part) => [...part.outcomes()]))
  return commands.map((command) => outcomes.get(command) as Outcome)
}

interface Part {
  readonly work: Work
  /** What became of each command, once the work is committed. */
  readonly outcomes: () => ReadonlyMap<ConversationCommand, Outcome>
}

function decideLater(
  author: UserId,
  conversation: ConversationId,
  commands: readonly ConversationCommand[],
  limits: Limits,
  cached: Conversation | undefined,
): Part {
  const ids = commands.map((command) => command.id)
  const isPlain = commands.every(isPlainMessage)
  let facts: Facts = NO_FACTS
  let repeats: ReadonlyMap<CommandId, Settled> = new Map()
  let outcomes = new Map<ConversationCommand, Outcome>()

  const prepare: Work['prepare'] = async (db, stored) => {
    const members = stored.is === 'present' ? stored.conversation.members.keys() : membersToBe(commands)
    const isDirect = stored.is !== 'present' || stored.conversation.kind === 'direct'
    const peer = isDirect ? peerOf(author, conversation, members) : undefined
    if (needFacts(author, commands, peer)) facts = await readFacts(db, author, conversation, commands, peer)
    // A message's repeat meets the unique index; what may settle without an event has to be asked for.
    if (!isPlain) repeats = await findKnownCommands(db, ids)
  }

  function decideAll(branch: Branch, known: KnownCommands): { refuses: boolean } {
    let refuses = false
    let standing = facts
    const outcomeOf = (command: ConversationCommand): Outcome => {
      const settled = known.get(command.id) ?? repeats.get(command.id) ?? branch.settled.get(command.id)
      if (settled !== undefined)
        return settled.author === author ? accepted(settled.events) : refused(refuse('conflict'))
      const decision = decide(command, {
        author,
        conversation: branch.conversation,
        isDeleted: branch.isDeleted,
        facts: standing,
        limits,
      })
      if ('refusal' in decision) {
        refuses = true
        return refused(decision)
      }
      if (decision.deletes) {
        branch.delete(command.id, author)
        return accepted([])
      }
      const events = branch.append(command.id, author, decision.drafts)
      const state = branch.conversation
      if (state !== undefined) {
        const authorOf = (event: EventId): UserId | undefined => standing.events.get(event)
        for (const event of events) branch.notices.push(...noticesOf(event, conversation, state, authorOf))
      }
      if (commands.length > 1) standing = withLearned(standing, events)
      return accepted(events)
    }
    outcomes = new Map(commands.map((command) => [command, outcomeOf(command)]))
    return { refuses }
  }

  const needsNothing = isPlain && cached !== undefined && cached.kind !== 'direct'
  return {
    work: { conversation, commands: ids, prepare: needsNothing ? undefined : prepare, decide: decideAll },
    outcomes: () => outcomes,
  }
}

const accepted = (events: readonly Event[]): Outcome => ({ accepted: true, events })
const refused = ({ refusal }: { refusal: Refusal }): Outcome => ({ accepted: false, refusal })

/** A message that refers to nothing is decided on the folded conversation alone. */
const isPlainMessage = (command: ConversationCommand): boolean =>
  command.type === 'message.send' && command.replyTo === undefined && command.attachments === undefined

const membersToBe = (commands: readonly ConversationCommand[]): UserId[] =>
  commands.flatMap((command) => (command.type === 'conversation.create' ? (command.members ?? []) : []))
