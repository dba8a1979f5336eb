import { type Command, CommanderError, createCommand } from 'commander'
import { Unavailable } from '../commands/outcome.ts'
import { OperatorError } from '../operator-error.ts'
import { isDatabaseTrouble } from '../queries/database-errors.ts'
import { ExportFault } from '../transfer/fault.ts'
import { ImportConflict } from '../transfer/import.ts'
import { AdminError, UsageError } from './admin-error.ts'
import type { Surroundings } from './context.ts'
import { addConversationCommands } from './conversation-commands.ts'
import { addFileCommands } from './file-commands.ts'
import { addServerCommands } from './server-commands.ts'
import { addUserCommands } from './user-commands.ts'

const [DONE, FAILED, MISUSED] = [0, 1, 2] as const
export type ExitCode = typeof DONE | typeof FAILED | typeof MISUSED

/** Carries out one command of administration; answers the exit code: 0 done, 1 not done, 2 not understood. */
export async function runAdmin(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { terminal } = surroundings
  try {
    await createProgram(surroundings).parseAsync(args, { from: 'user' })
    return DONE
  } catch (error) {
    // It has spoken already.
    if (error instanceof CommanderError) return error.code === 'commander.helpDisplayed' ? DONE : MISUSED
    terminal.say(`error (${codeOf(error)}): ${explain(error)}\n`)
    return error instanceof UsageError ? MISUSED : FAILED
  }
}

export function createProgram(surroundings: Surroundings): Command {
  const program = createCommand('admin')
    .description(
      'Administers a Parley server, running or not: the one of DATABASE_URL, or of DATA_DIR (./data).',
    )
    .usage('<command> [options]')
    .helpOption('-h, --help', 'what a command does and takes')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => surroundings.stdout.write(text),
      writeErr: (text) => surroundings.terminal.say(text),
    })
    .configureHelp({ showGlobalOptions: false, helpWidth: 100 })
    .showHelpAfterError('(add --help to see how it is used)')
  addUserCommands(program, surroundings)
  addConversationCommands(program, surroundings)
  addFileCommands(program, surroundings)
  addServerCommands(program, surroundings)
  return program
}

function codeOf(error: unknown): string {
  if (error instanceof AdminError || error instanceof ExportFault) return error.code
  if (error instanceof UsageError) return 'usage'
  if (error instanceof ImportConflict) return 'conflict'
  if (error instanceof Unavailable || isDatabaseTrouble(error)) return 'unavailable'
  return error instanceof OperatorError ? 'operation' : 'internal'
}

/** What nobody foresaw is told with its trace. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return codeOf(error) === 'internal' ? (error.stack ?? error.message) : error.message
}
