import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'

/**
 * Loaded into each server before its own code (`node --import`), so that all are measured by the
 * same means: memory after a collection, and a CPU profile of the measured window, both asked for
 * over the IPC channel. It also ends a server whose benchmark is gone.
 */
export type ProbeRequest =
  | { readonly ask: 'memory' }
  | { readonly ask: 'profile' }
  | { readonly ask: 'save profile'; readonly file: string }

export interface ServerMemory {
  readonly rss: number
  /** Heap, external memory and array buffers in use after a full collection. */
  readonly live: number
}

let session: Session | undefined

async function answer(request: ProbeRequest): Promise<ServerMemory | Record<string, never>> {
  switch (request.ask) {
    case 'memory': {
      globalThis.gc?.()
      const { rss, heapUsed, external } = process.memoryUsage()
      return { rss, live: heapUsed + external }
    }
    case 'profile':
      session = new Session()
      session.connect()
      await session.post('Profiler.enable')
      await session.post('Profiler.start')
      return {}
    case 'save profile': {
      const stopped = await session?.post('Profiler.stop')
      session?.disconnect()
      writeFileSync(request.file, JSON.stringify(stopped?.profile))
      return {}
    }
  }
}

process.on('message', (request: ProbeRequest) => void answer(request).then((value) => process.send?.(value)))
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
// Otherwise the channel alone would keep a server alive that has ended its work.
process.channel?.unref()
