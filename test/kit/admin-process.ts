import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { PassThrough, Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { runAdmin } from '../../apps/server/src/admin/program.ts'
import { gather } from './export-file.ts'

const MAIN = fileURLToPath(new URL('../../apps/server/src/admin/main.ts', import.meta.url))

export interface Administered {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Where a command finds its server: DATABASE_URL, or DATA_DIR of one with its own database. */
export type Target = Readonly<Record<string, string>>

export interface Administration {
  /** Runs a command to its end, however that is. */
  try(args: readonly string[], input?: string | Uint8Array): Promise<Administered>
  /** The same, of one that has to end well; answers what it wrote. */
  run(args: readonly string[], input?: string | Uint8Array): Promise<string>
  /** The same, of one that answers in JSON. */
  json(args: readonly string[], input?: string | Uint8Array): Promise<unknown>
}

/** `npm run admin -- …` in a process of its own, as an operator starts it. */
export const administration = (target: Target): Administration =>
  administrationBy(async (args, input = '') => {
    const { PATH = '' } = process.env
    const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH, ...target } })
    const closed = once(child, 'close')
    // One that does not read what it is given ends all the same.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
    const [stdout, stderr] = await Promise.all([gather(child.stdout), gather(child.stderr)])
    await closed
    return { code: child.exitCode, stdout: stdout.toString(), stderr: stderr.toString() }
  })

/** The same commands without a process each: for what is not about processes. */
export const administrationHere = (target: Target): Administration =>
  administrationBy(async (args, input = '') => {
    const stdout = new PassThrough()
    const written = gather(stdout)
    let stderr = ''
    const code = await runAdmin(args, {
      env: target,
      terminal: {
        input: Readable.from([input]),
        say: (text) => {
          stderr += text
        },
      },
      stdout,
      now: Date.now,
    })
    stdout.end()
    return { code, stdout: (await written).toString(), stderr }
  })

function administrationBy(attempt: Administration['try']): Administration {
  const run: Administration['run'] = async (args, input) => {
    const { code, stdout, stderr } = await attempt(args, input)
    if (code !== 0) throw new Error(`admin ${args.join(' ')} ended with ${code}:\n${stderr}`)
    return stdout
  }
  return {
    try: attempt,
    run,
    json: async (args, input) => JSON.parse(await run([...args, '--json'], input)) as unknown,
  }
}
