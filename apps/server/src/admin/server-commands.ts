import type { Command } from 'commander'
import { invite } from '../auth/invitations.ts'
import { type Surroundings, withContext } from './context.ts'
import { asEmail, jsonOption, wholeNumber } from './options.ts'
import { printThing } from './output.ts'
import { readStatistics } from './statistics.ts'

const DAY_MS = 24 * 60 * 60 * 1000

interface Json {
  readonly json?: boolean
}

export function addServerCommands(program: Command, surroundings: Surroundings): void {
  const { stdout, now } = surroundings
  const write = (text: string): void => void stdout.write(text)
  const output = ({ json }: Json) => ({ write, isJson: json === true })

  program
    .command('stats')
    .description('how many people, conversations and messages there are, and how much room they take')
    .addOption(jsonOption())
    .action(async (given: Json) => {
      printThing(output(given), await withContext(surroundings, false, ({ db }) => readStatistics(db, now())))
    })

  program
    .command('invite')
    .description('make a link with which one person can sign up where SIGN_UP is invite')
    .option('--email <email>', 'only for who signs up with this address', asEmail)
    .option('--days <n>', 'how long it can be used', wholeNumber(1, 365), 7)
    .addOption(jsonOption())
    .action(async (given: { email?: string; days: number } & Json) => {
      const expiresAt = now() + given.days * DAY_MS
      const { code, origin } = await withContext(surroundings, true, async ({ db, config }) => ({
        code: await invite(db, { email: given.email, expiresAt, now: now() }),
        origin: config.publicUrl ?? `http://localhost:${config.port}`,
      }))
      const link = `${origin}/sign-up?invitation=${code}`
      printThing(output(given), { link, ...(given.email !== undefined && { email: given.email }), expiresAt })
    })
}
