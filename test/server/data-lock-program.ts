import { lockDataDirectory } from '../../apps/server/src/db/data-lock.ts'

// Holds the lock of a data directory until it is killed: for data-lock.test.ts.
const [dataDir = ''] = process.argv.slice(2)
lockDataDirectory(dataDir)
process.stdout.write('LOCKED\n')
setInterval(() => undefined, 60_000)
