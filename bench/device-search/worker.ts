import { serveSearch } from '@parley/client/search/in-worker'
import { systemClock } from '@parley/client/system'

serveSearch(self, systemClock)
