import { startEmbedded } from '../../apps/server/src/db/embedded.ts'
import { createLogger } from '../../apps/server/src/logger.ts'

// Runs an embedded PostgreSQL until SIGTERM: what embedded.test.ts starts, kills and starts again.
const [dataDir = ''] = process.argv.slice(2)
const embedded = await startEmbedded(dataDir, createLogger('info'))
process.stdout.write(`URL ${embedded.url}\n`)
process.on('SIGTERM', () => void embedded.stop().then(() => process.stdout.write('STOPPED\n')))
