import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ConversationId } from '@parley/protocol'
import type { Command } from 'commander'
import { exportConversation } from '../transfer/export.ts'
import { ExportFault } from '../transfer/fault.ts'
import { importConversation } from '../transfer/import.ts'
import { openExport } from '../transfer/read-export.ts'
import { AdminError } from './admin-error.ts'
import { type Surroundings, withContext } from './context.ts'
import { asConversation, jsonOption } from './options.ts'
import { printThing } from './output.ts'

interface Json {
  readonly json?: boolean
}

const FILE = 'made by export; "-" for standard input'

export function addFileCommands(program: Command, surroundings: Surroundings): void {
  const { terminal, stdout, now } = surroundings
  const write = (text: string): void => void stdout.write(text)
  const output = ({ json }: Json) => ({ write, isJson: json === true })

  program
    .command('export')
    .description('write a conversation as JSON Lines: every event with its hash, without attached files')
    .argument('<conversation>', 'its id', asConversation)
    .option('-o, --output <file>', 'where to; standard output if not given')
    .action((id: ConversationId, given: { output?: string }) =>
      withContext(surroundings, false, async ({ db }) => {
        const pieces = await exportConversation(db, id)
        if (pieces === undefined) throw new AdminError('not_found', `there is no conversation ${id}`)
        if (given.output === undefined) await pipeline(pieces, stdout, { end: false })
        else await writeWhole(pieces, given.output)
      }),
    )

  program
    .command('verify')
    .description(
      'check an export: every byte, the order, the chain of hashes, whether all of it could have been said',
    )
    .argument('<file>', FILE)
    .addOption(jsonOption())
    .action(async (file: string, given: Json) => {
      try {
        const { header, state, events } = await openExport(read(file, terminal.input))
        for await (const _event of events);
        const { seq: lastSeq, hash: lastHash } = state.tip
        const { id: conversation, kind } = header.conversation
        const users = header.users.length
        printThing(output(given), { ok: true, conversation, kind, users, lastSeq, lastHash })
      } catch (error) {
        if (!(error instanceof ExportFault) || given.json !== true) throw error
        const { code, line, seq, message } = error
        write(`${JSON.stringify({ ok: false, code, line, seq, message })}\n`)
        throw error
      }
    })

  program
    .command('import')
    .description(
      'bring an exported conversation here, or what it has more: the same events, numbers and hashes',
    )
    .argument('<file>', FILE)
    .addOption(jsonOption())
    .action(async (file: string, given: Json) => {
      const bytes = read(file, terminal.input)
      const { conversation, before, after, users } = await withContext(surroundings, true, async ({ db }) =>
        importConversation(db, await openExport(bytes), now()),
      )
      if (given.json === true) return printThing(output(given), { conversation, before, after, users })
      write(
        after === before
          ? `${conversation} is here already, with ${before} events: nothing was changed\n`
          : `${conversation} has ${after} events here now; ${before} of them were here before\n`,
      )
      for (const { id, username, wanted } of users) {
        const name = username ?? 'a deleted user'
        write(
          `made known: ${name} (${id})${wanted === undefined ? '' : `, because ${wanted} is somebody else here`}\n`,
        )
      }
    })
}

/** Under its name only when it is whole. */
async function writeWhole(pieces: AsyncIterable<Uint8Array>, path: string): Promise<void> {
  const unfinished = `${path}.part`
  try {
    await pipeline(Readable.from(pieces), createWriteStream(unfinished, { flush: true }))
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw fileError(error, path)
  }
}

async function* read(path: string, input: NodeJS.ReadableStream): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of path === '-' ? input : createReadStream(path)) yield Buffer.from(chunk)
  } catch (error) {
    throw fileError(error, path)
  }
}

/** What the system says of a file that cannot be used. */
function fileError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return error
  const code = error.code === 'ENOENT' ? 'not_found' : 'unavailable'
  return new AdminError(code, `${path} cannot be used: ${error.message}`, { cause: error })
}
