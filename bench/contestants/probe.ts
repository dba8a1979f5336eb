/**
 * Loaded into each server before its own code (`node --import`), so that all are measured by the
 * same means: memory after a collection, asked for over the IPC channel. It also ends a server whose
 * benchmark is gone.
 */
export interface ServerMemory {
  readonly rss: number
  /** Heap, external memory and array buffers in use after a full collection. */
  readonly live: number
}

process.on('message', (message: unknown) => {
  if (message !== 'memory') return
  globalThis.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  const memory: ServerMemory = { rss, live: heapUsed + external }
  process.send?.(memory)
})
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
// Otherwise the channel alone would keep a server alive that has ended its work.
process.channel?.unref()
