/// <reference lib="webworker" />
import { flushOutbox } from '@parley/client'
import { indexedDbStorage } from '@parley/client/indexeddb'
import { systemClock, systemFetch } from '@parley/client/system'
import { browserChannel, browserLocks } from '@parley/client/tabs'
import type { OutboxScope } from './service-worker.ts'

/** Browsers end a worker that is busy for much longer. */
const WITHIN_MILLIS = 60_000

/** The client as the service worker has it: one more tab, that nobody sees. */
async function flush(): Promise<boolean> {
  const [channel, locks] = [browserChannel(), browserLocks()]
  return await flushOutbox(
    {
      url: location.origin,
      clock: systemClock,
      fetch: systemFetch,
      WebSocket,
      storage: await indexedDbStorage(),
      sight: { get: () => 'hidden', subscribe: () => () => undefined },
      ...(channel === undefined ? {} : { channel }),
      ...(locks === undefined ? {} : { locks }),
    },
    WITHIN_MILLIS,
  )
}

const scope = self as unknown as OutboxScope
scope.flushOutbox = flush
