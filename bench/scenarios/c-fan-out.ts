import { percentile } from '../statistics.ts'
import { newWorld } from '../world.ts'
import { type Figures, type Metric, pause, type Scenario, type Settings, type Stage } from './scenario.ts'
import { measureTraffic, warmUp } from './traffic.ts'

const SIZES = [500, 1000]
const EVERY_MILLIS = 200

/** One large conversation: how long until the last of its members has a message. */
export const fanOut: Scenario = {
  letter: 'C',
  title: `fan-out: ${SIZES.join(' and ')} members of one conversation, ${1000 / EVERY_MILLIS} messages a second`,
  loadProcesses: 1,
  metrics: SIZES.flatMap((size): Metric[] => [
    { name: `last${size}`, label: `${size}: last member p50`, unit: 'ms', better: 'less' },
    { name: `last95of${size}`, label: `${size}: last member p95`, unit: 'ms', better: 'less' },
    { name: `median${size}`, label: `${size}: median member p50`, unit: 'ms', better: 'explains' },
    { name: `serverCpu${size}`, label: `${size}: server CPU a message`, unit: 'µs', better: 'less' },
    { name: `connect${size}`, label: `${size}: until all are connected`, unit: 's', better: 'less' },
    { name: `loadBusy${size}`, label: `${size}: load generator busy`, unit: '%', better: 'explains' },
    {
      name: `othersBusy${size}`,
      label: `${size}: everything else on the machine busy`,
      unit: '%',
      better: 'explains',
    },
  ]),
  async run(stage, settings) {
    await warmUp(stage, settings.isQuick ? 500 : 2000)
    let figures: Figures = {}
    for (const size of SIZES) {
      figures = { ...figures, ...(await measureSize(stage, settings, size)) }
      // The connections of the smaller one are closed, but the servers are still busy with that.
      await pause(500)
    }
    return figures
  },
}

async function measureSize(stage: Stage, { isQuick }: Settings, size: number): Promise<Figures> {
  const measured = await measureTraffic(stage, {
    world: newWorld(1, size),
    pace: { pace: 'every', millis: EVERY_MILLIS },
    leadInMillis: 500,
    millis: isQuick ? 2000 : 7000,
  })
  // The last message of the window may still be on its way to some when the window ends; all arrive in the end.
  const lastMicros = measured.last.filter(({ arrivals }) => arrivals === size - 1).map(({ micros }) => micros)
  return {
    [`last${size}`]: percentile(lastMicros, 0.5) / 1000,
    [`last95of${size}`]: percentile(lastMicros, 0.95) / 1000,
    [`median${size}`]: percentile(measured.deliveryMicros, 0.5) / 1000,
    [`serverCpu${size}`]: (measured.serverCpuSeconds / measured.acknowledged) * 1e6,
    [`connect${size}`]: measured.connectSeconds,
    [`loadBusy${size}`]: measured.loadBusy * 100,
    [`othersBusy${size}`]: measured.othersBusy * 100,
  }
}
