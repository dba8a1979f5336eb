/// <reference lib="webworker" />
import { serveSearch } from '@parley/client/search/in-worker'
import { systemClock } from '@parley/client/system'

/** Search over everything that this device holds, beside the page: neither waits for the other. */
serveSearch(self, systemClock)
