import type { ConversationId, Kind } from '@parley/protocol'
import { type Command, Option } from 'commander'
import { findAccount } from './accounts.ts'
import { type Surroundings, withContext } from './context.ts'
import { deleteConversation, listConversations } from './conversations.ts'
import { asConversation, jsonOption, limitOption, yesOption } from './options.ts'
import { printList } from './output.ts'
import { confirm } from './secret-input.ts'

interface Listing {
  readonly kind?: Kind
  readonly query?: string
  readonly member?: string
  readonly limit: number
  readonly json?: boolean
}

export function addConversationCommands(program: Command, surroundings: Surroundings): void {
  const { terminal, stdout } = surroundings
  const write = (text: string): void => void stdout.write(text)
  const conversations = program.command('conversation').description('conversations: look at, delete')

  conversations
    .command('list')
    .description('conversations, newest activity first')
    .addOption(new Option('--kind <kind>', 'only these').choices(['direct', 'group', 'channel']))
    .option('--query <text>', 'only those with this in their title')
    .option('--member <user>', 'only those this user is in, by id, username or email')
    .addOption(limitOption())
    .addOption(jsonOption())
    .action(async ({ kind, query, member, limit, json }: Listing) => {
      const { conversations: items, total } = await withContext(surroundings, false, async ({ db }) => {
        const user = member === undefined ? undefined : await findAccount(db, member)
        return listConversations(db, { kind, query, member: user?.id, limit })
      })
      printList({ write, isJson: json === true }, 'conversations', { items, total })
    })

  conversations
    .command('delete')
    .description('delete a conversation for everyone, with all that was said in it')
    .argument('<conversation>', 'its id', asConversation)
    .addOption(yesOption())
    .action((id: ConversationId, given: { yes?: boolean }) =>
      withContext(surroundings, false, async ({ door }) => {
        await confirm(terminal, `Delete the conversation ${id} for everyone?`, given.yes)
        const isNew = await deleteConversation(door().appender, id)
        write(isNew ? `${id} is deleted\n` : `${id} was deleted already\n`)
      }),
    )
}
