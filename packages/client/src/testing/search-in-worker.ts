import { serveSearch } from '../platform/search-in-worker.ts'
import { systemClock } from '../platform/system.ts'

serveSearch(self, systemClock)
