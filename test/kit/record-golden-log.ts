import { writeFileSync } from 'node:fs'
import { makeLog } from './logs.ts'

// Recorded once. The logs stand for what people already have on their disks: when a change makes
// the golden test fail, the change is wrong, and recording anew would only hide it.
const logs = {
  group: makeLog(1, 1100),
  channel: makeLog(2, 400, 'channel'),
  direct: makeLog(3, 60, 'direct'),
}

const lines = (log: readonly unknown[]): string => log.map((event) => JSON.stringify(event)).join(',\n')
const text = Object.entries(logs).map(([kind, log]) => `"${kind}": [\n${lines(log)}\n]`)
writeFileSync(
  new URL('../../packages/protocol/src/golden/log.json', import.meta.url),
  `{\n${text.join(',\n')}\n}\n`,
)
