import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export interface Child {
  readonly process: ChildProcess
  /** The next line it writes to standard output that begins with `prefix`; rejects with what it said if it ends first. */
  line(prefix: string): Promise<string>
  /** What it has written so far, both streams. */
  said(): string
  /** Signals it and waits until it is gone; answers its exit code, or the signal that ended it. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals>
  /** Waits until it ends by itself. */
  ended(): Promise<number | NodeJS.Signals>
}

/** A Node program in a process of its own, which can be killed. Each line is kept until somebody asks for it. */
export function startChild(script: string, args: readonly string[] = [], options: SpawnOptions = {}): Child {
  const child = spawn(process.execPath, [script, ...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  const all: string[] = []
  const unread: string[] = []
  let wake = Promise.withResolvers<void>()
  let over = false
  const stir = () => {
    wake.resolve()
    wake = Promise.withResolvers()
  }
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      all.push(line)
      if (stream === child.stdout) unread.push(line)
      stir()
    })
  }
  const ended = once(child, 'close').then(() => {
    over = true
    stir()
    return child.signalCode ?? child.exitCode ?? 0
  })
  return {
    process: child,
    said: () => all.join('\n'),
    ended: () => ended,
    end: (signal) => {
      child.kill(signal)
      return ended
    },
    line: async (prefix) => {
      for (;;) {
        const index = unread.findIndex((line) => line.startsWith(prefix))
        if (index >= 0) return unread.splice(0, index + 1)[index] ?? ''
        if (over) throw new Error(`it ended before it said "${prefix}":\n${all.join('\n')}`)
        await wake.promise
      }
    },
  }
}
