import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** The server, started again at each change, and Vite in front of it, which updates the open page. */
const root = fileURLToPath(new URL('..', import.meta.url))

const start = (program: string, args: readonly string[], cwd: string): ChildProcess =>
  // Their own sessions: Ctrl+C is answered here, once, and not by each of them at the same moment.
  spawn(program, args, { cwd, stdio: 'inherit', detached: true })

const children = [
  start('node', ['--watch', '--watch-preserve-output', 'apps/server/src/main.ts'], root),
  start('vite', [], `${root}apps/web`),
]

const stop = (): void => {
  for (const child of children) child.kill('SIGTERM')
}
process.on('SIGINT', stop)
process.on('SIGTERM', stop)

const ends = children.map((child) => once(child, 'exit'))
// When one ends, for whatever reason, half of it is no use.
await Promise.race(ends)
stop()
await Promise.all(ends)
