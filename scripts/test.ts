import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findChromium } from '../test/kit/chromium.ts'
import { findPostgres, startTemporaryPostgres } from './postgres.ts'
import { add, failuresOf, inWords, isGood, NOTHING, type Tally, tallyOf } from './tally.ts'

/**
 * `npm test`: every check and every suite, and a second time, on this machine's own PostgreSQL, what
 * another version of it could answer otherwise. What cannot run here is said; with REQUIRE_ALL=1
 * that is a failure.
 */
const missing: string[] = []
const reports = await mkdtemp(join(tmpdir(), 'parley-reports-'))
let total: Tally = NOTHING
const failures: string[] = []

/** What asks the database. The other tests of the server are about processes, sockets, disks and the embedded one. */
const ABOUT_THE_DATABASE = [
  'apps/server/',
  'test/sim/',
  'test/regressions/',
  'test/server/database-away',
  'test/server/model',
  'test/server/permissions',
  'test/server/read-plans',
]

const say = (text: string): void => void process.stdout.write(`\n──── ${text}\n\n`)

async function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...env } })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? 1
}

async function check(name: string, program: string, ...args: string[]): Promise<void> {
  say(name)
  const isGood = (await run(program, args)) === 0
  total = add(total, { ...NOTHING, [isGood ? 'passed' : 'failed']: 1 })
  if (!isGood) failures.push(`the check of ${name}`)
}

async function suite(name: string, env: NodeJS.ProcessEnv, ...args: string[]): Promise<void> {
  say(name)
  const file = join(reports, `${name.replaceAll(/\W+/g, '-')}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const code = await run('vitest', ['run', ...reporters, ...args], env)
  const report: unknown = existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : undefined
  total = add(total, tallyOf(report, code))
  failures.push(...failuresOf(report, code).map((failure) => `${name}: ${failure}`))
}

async function serverOnPostgres(): Promise<void> {
  const given = process.env['DATABASE_URL']
  if (given !== undefined && given !== '') {
    await suite('server on the PostgreSQL of DATABASE_URL', {}, '--project=server', ...ABOUT_THE_DATABASE)
    return
  }
  const programs = findPostgres()
  if (programs === undefined) {
    missing.push(
      'the server on a PostgreSQL other than the embedded one: none is installed, and DATABASE_URL is not set',
    )
    return
  }
  const postgres = await startTemporaryPostgres(programs)
  try {
    await suite(
      `server on ${postgres.version}`,
      { DATABASE_URL: postgres.url },
      '--project=server',
      ...ABOUT_THE_DATABASE,
    )
  } finally {
    await postgres.stop()
  }
}

await check('types', 'tsc', '-b')
await check('lint', 'oxlint', '--type-aware', '--deny-warnings')
await check('format', 'oxfmt', '--check')
if (findChromium() === undefined)
  missing.push('the browser, e2e and visual tests: there is no Chromium; install it or set CHROMIUM_PATH')
await suite('all tests, on the embedded PostgreSQL', { DATABASE_URL: '' })
await serverOnPostgres()
await rm(reports, { recursive: true })

for (const failure of failures) process.stdout.write(`\nFAILED: ${failure}\n`)
for (const what of missing) process.stdout.write(`\nNOT RUN: ${what}\n`)
process.stdout.write(`\n${inWords(total)}\n`)
process.exitCode = isGood(total, missing, process.env['REQUIRE_ALL'] === '1') ? 0 : 1
