import { type Command, Option } from 'commander'
import {
  type AccountFilter,
  createAccount,
  checkedPassword,
  describeAccount,
  findAccount,
  findLiving,
  listAccounts,
  resetPassword,
  setAdmin,
  setDisabled,
} from './accounts.ts'
import { type Context, type Surroundings, withContext } from './context.ts'
import { deleteFromBeside } from './delete-from-beside.ts'
import {
  asEmail,
  asName,
  asUsername,
  jsonOption,
  limitOption,
  passwordOptions,
  yesOption,
} from './options.ts'
import { printList, printThing } from './output.ts'
import { confirm, newPassword, type SecretOptions } from './secret-input.ts'

interface Json {
  readonly json?: boolean
}

interface Creation extends SecretOptions, Json {
  readonly email: string
  readonly username: string
  readonly name?: string
  readonly admin?: boolean
}

const WHO = 'by id, username or email'

export function addUserCommands(program: Command, surroundings: Surroundings): void {
  const { terminal, stdout, now } = surroundings
  const write = (text: string): void => void stdout.write(text)
  const output = ({ json }: Json) => ({ write, isJson: json === true })
  const users = program.command('user').description('accounts: make, look at, let in, shut out, delete')
  const on = <T>(work: (context: Context) => Promise<T>): Promise<T> => withContext(surroundings, false, work)

  const create = users
    .command('create')
    .description('make an account; also where SIGN_UP is closed, and before the first start')
    .requiredOption('--email <email>', 'where the person can be reached, and a name to log in with', asEmail)
    .requiredOption('--username <name>', 'the unique handle others find the person by', asUsername)
    .option('--name <name>', 'as others see it; the username if it is not given', asName)
    .option('--admin', 'may read the metrics of the server')
  for (const option of passwordOptions()) create.addOption(option)
  create.addOption(jsonOption()).action(async (given: Creation) => {
    const { password, isGenerated } = await newPassword(terminal, given)
    const { email, username, name = username, admin = false } = given
    const details = { email, username, name, password: checkedPassword(password), isAdmin: admin }
    const account = await withContext(surroundings, true, ({ db }) => createAccount(db, details, now))
    printThing(output(given), { ...account, ...(isGenerated && { password }) })
  })

  users
    .command('list')
    .description('accounts, the newest first')
    .option('--query <text>', 'only those with this in their username, name or email')
    .addOption(
      new Option('--standing <what>', 'only these').choices(['active', 'disabled', 'imported', 'deleted']),
    )
    .addOption(limitOption())
    .addOption(jsonOption())
    .action(async (given: AccountFilter & Json) => {
      const { users: items, total } = await on(({ db }) => listAccounts(db, given))
      printList(output(given), 'users', { items, total })
    })

  users
    .command('show')
    .description('one account, its sessions and what it is in')
    .argument('<user>', WHO)
    .addOption(jsonOption())
    .action(async (who: string, given: Json) => {
      printThing(output(given), await on(({ db }) => describeAccount(db, who)))
    })

  const reset = users
    .command('reset-password')
    .description('give somebody a new password; all their sessions and tokens end at once')
    .argument('<user>', WHO)
    .option(
      '--email <email>',
      'also a new address; needed for one who came with an imported conversation',
      asEmail,
    )
  for (const option of passwordOptions()) reset.addOption(option)
  reset.action(async (who: string, given: SecretOptions & { email?: string }) => {
    const { password, isGenerated } = await newPassword(terminal, given)
    await on(async ({ db }) => {
      const account = await findLiving(db, who)
      await resetPassword(db, account, { password, email: given.email }, now())
      write(`${account.username} has a new password; every session and token has ended\n`)
    })
    if (isGenerated) write(`password  ${password}\n`)
  })

  users
    .command('disable')
    .description('shut somebody out: no log-in, every session and token ends at once; memberships stay')
    .argument('<user>', WHO)
    .action((who: string) =>
      on(async ({ db }) => {
        const { id, username } = await findLiving(db, who)
        const isNew = await setDisabled(db, id, true, now())
        write(
          isNew
            ? `${username} is disabled; every session and token has ended\n`
            : `${username} was disabled already\n`,
        )
      }),
    )

  users
    .command('enable')
    .description('let somebody in again who was disabled')
    .argument('<user>', WHO)
    .action((who: string) =>
      on(async ({ db }) => {
        const { id, username } = await findLiving(db, who)
        const isNew = await setDisabled(db, id, false, now())
        write(isNew ? `${username} can log in again\n` : `${username} was not disabled\n`)
      }),
    )

  for (const [name, isAdmin, description] of [
    ['make-admin', true, 'let somebody read the metrics of the server'],
    ['remove-admin', false, 'take that back'],
  ] as const) {
    users
      .command(name)
      .description(description)
      .argument('<user>', WHO)
      .action((who: string) =>
        on(async ({ db }) => {
          const { id, username } = await findLiving(db, who)
          const isNew = await setAdmin(db, id, isAdmin)
          write(`${username} is ${isNew ? '' : 'already '}${isAdmin ? 'an' : 'no'} administrator\n`)
        }),
      )
  }

  users
    .command('delete')
    .description('delete an account as its owner would: what was said stays, conversations are handed over')
    .argument('<user>', WHO)
    .addOption(yesOption())
    .action((who: string, given: { yes?: boolean }) =>
      on(async ({ database, db, door }) => {
        const { id, username, name, standing } = await findAccount(db, who)
        if (standing === 'deleted') return write(`${id} was deleted already\n`)
        await confirm(terminal, `Delete the account of ${name} (${username}, ${id})?`, given.yes)
        await deleteFromBeside({ database, db, handler: door().handler, now }, id)
        write(`${username} is deleted\n`)
      }),
    )
}
