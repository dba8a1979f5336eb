import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import type { Calls } from './act.ts'

/** A device in another thread: its calls, and an end. */
export interface DeviceThread extends Calls {
  end(): Promise<void>
}

const answer = z.object({ number: z.int(), value: z.unknown(), error: z.string().optional() })

export async function startThread(): Promise<DeviceThread> {
  const worker = new Worker(new URL('program.ts', import.meta.url))
  const asked = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  let count = 0
  worker.on('message', (message: unknown) => {
    const { number, value, error } = answer.parse(message)
    const question = asked.get(number)
    asked.delete(number)
    if (error === undefined) question?.resolve(value)
    else question?.reject(new Error(error))
  })
  worker.on('error', (error) => {
    for (const { reject } of asked.values()) reject(error instanceof Error ? error : new Error(String(error)))
  })
  const call =
    <Name extends keyof Calls>(name: Name) =>
    (argument?: unknown): ReturnType<Calls[Name]> =>
      new Promise<unknown>((resolve, reject) => {
        count += 1
        asked.set(count, { resolve, reject })
        worker.postMessage({ number: count, name, argument })
      }) as ReturnType<Calls[Name]>
  await once(worker, 'online')
  return {
    open: call('open'),
    act: call('act'),
    look: call('look'),
    close: call('close'),
    end: async () => {
      await worker.terminate()
    },
  }
}
