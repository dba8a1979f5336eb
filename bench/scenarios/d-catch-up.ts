import { median } from '../statistics.ts'
import { devicesOf, newWorld } from '../world.ts'
import { pause, type Scenario } from './scenario.ts'

const MISSED = 10_000
const TIMES = 5

/** A device comes back to a conversation in which ten thousand messages were said: until it has them all. */
export const catchUp: Scenario = {
  letter: 'D',
  title: `catch-up: ${MISSED.toLocaleString('en')} messages missed in one conversation`,
  loadProcesses: 1,
  metrics: [
    { name: 'seconds', label: 'until all are on the device', unit: 'ms', better: 'less' },
    { name: 'received', label: 'bytes received', unit: 'KB', better: 'less' },
    { name: 'sent', label: 'bytes sent', unit: 'KB', better: 'explains' },
  ],
  async run({ contestant, loads }, { isQuick }) {
    const missed = isQuick ? 2000 : MISSED
    const world = newWorld(1, 10)
    await contestant.settle(world)
    const [group] = world.groups
    const [load] = loads
    const device = devicesOf(world)[1]
    if (group === undefined || load === undefined || device === undefined)
      throw new Error('an empty scenario')
    await contestant.fill(group, missed)
    const { dialect, url } = contestant
    const times: Awaited<ReturnType<typeof load.ask<'catchUp'>>>[] = []
    for (let time = 0; time <= TIMES; time += 1) {
      const caughtUp = await load.ask('catchUp', dialect, url, device, missed)
      if (caughtUp.messages !== missed)
        throw new Error(`${dialect}: ${caughtUp.messages} of ${missed} messages arrived`)
      // The first time warms the server up.
      if (time > 0) times.push(caughtUp)
      await pause(100)
    }
    return {
      seconds: median(times.map(({ seconds }) => seconds)) * 1000,
      received: median(times.map(({ receivedBytes }) => receivedBytes)) / 1024,
      sent: median(times.map(({ sentBytes }) => sentBytes)) / 1024,
    }
  },
}
