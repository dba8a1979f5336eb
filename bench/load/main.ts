import { catchUp, flush, open } from './errands.ts'
import { Load } from './load.ts'
import type { LoadMethods } from './plan.ts'

/** A load process: does what the benchmark asks over the IPC channel, one request after another. */
export type Request = {
  [Method in keyof LoadMethods]: { id: number; method: Method; args: Parameters<LoadMethods[Method]> }
}[keyof LoadMethods]
export type Answer = { id: number; value: unknown } | { id: number; error: string }

let load = new Load()

const methods: LoadMethods = {
  connect: async (plan) => {
    load = new Load()
    await load.connect(plan)
  },
  speak: async (pace) => load.speak(pace),
  measure: async () => load.measure(),
  hush: async () => load.hush(),
  settle: async (sent) => await load.settle(sent),
  disconnect: async () => load.disconnect(),
  open,
  catchUp,
  flush,
}

process.on('message', (request: Request) => void answer(request))
process.on('disconnect', () => process.exit())

async function answer({ id, method, args }: Request): Promise<void> {
  try {
    const call = methods[method] as (...args: unknown[]) => Promise<unknown>
    reply({ id, value: await call(...args) })
  } catch (error) {
    reply({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
}

function reply(answer: Answer): void {
  process.send?.(answer)
}
