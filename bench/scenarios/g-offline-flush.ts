import type { Opened } from '../load/plan.ts'
import { median } from '../statistics.ts'
import { devicesOf, newWorldOfOne } from '../world.ts'
import { type Scenario, type Stage } from './scenario.ts'
import { warmUp } from './traffic.ts'

const MESSAGES = 1000
const CONVERSATIONS = 20
const MEMBERS = 5
const TIMES = 3

/** A person comes online with a thousand messages written offline: until each is acknowledged. */
export const offlineFlush: Scenario = {
  letter: 'G',
  title: `offline flush: ${MESSAGES.toLocaleString('en')} messages written offline in ${CONVERSATIONS} conversations`,
  loadProcesses: 1,
  metrics: [
    { name: 'millis', label: 'until all are acknowledged', unit: 'ms', better: 'less' },
    { name: 'sent', label: 'bytes sent', unit: 'KB', better: 'less' },
    { name: 'received', label: 'bytes received', unit: 'KB', better: 'less' },
  ],
  async run(stage, { isQuick }) {
    await warmUp(stage, isQuick ? 500 : 2000)
    const times: Opened[] = []
    for (let time = 0; time < TIMES; time += 1) times.push(await flushOnce(stage))
    return {
      millis: median(times.map(({ seconds }) => seconds)) * 1000,
      sent: median(times.map(({ sentBytes }) => sentBytes)) / 1024,
      received: median(times.map(({ receivedBytes }) => receivedBytes)) / 1024,
    }
  },
}

async function flushOnce({ contestant, loads, postgres }: Stage): Promise<Opened> {
  const world = newWorldOfOne(CONVERSATIONS, MEMBERS)
  await contestant.settle(world)
  await postgres.checkpoint()
  const [device] = devicesOf(world)
  const [load] = loads
  if (device === undefined || load === undefined) throw new Error('an empty scenario')
  const everywhere = { ...device, conversations: world.groups.map(({ id }) => id) }
  return await load.ask('flush', contestant.dialect, contestant.url, everywhere, MESSAGES)
}
