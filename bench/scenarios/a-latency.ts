import { percentile } from '../statistics.ts'
import { newWorld } from '../world.ts'
import type { Scenario } from './scenario.ts'
import { measureTraffic, warmUp } from './traffic.ts'

const MEMBERS = 10
const EVERY_MILLIS = 20

/** Ten members online, one of them sends a message every 20 ms: how long until each other has it. */
export const latency: Scenario = {
  letter: 'A',
  title: `latency: ${MEMBERS} members online, one sends 100 bytes every ${EVERY_MILLIS} ms`,
  loadProcesses: 1,
  metrics: [
    { name: 'p50', label: 'delivery p50', unit: 'ms', better: 'less' },
    { name: 'p95', label: 'delivery p95', unit: 'ms', better: 'less' },
    { name: 'p99', label: 'delivery p99', unit: 'ms', better: 'less' },
    { name: 'acknowledged', label: 'acknowledged p50', unit: 'ms', better: 'less' },
    { name: 'serverCpu', label: 'server CPU a message', unit: 'µs', better: 'explains' },
    { name: 'postgresCpu', label: 'PostgreSQL CPU a message', unit: 'µs', better: 'explains' },
    { name: 'loadBusy', label: 'load generator busy', unit: '%', better: 'explains' },
    { name: 'othersBusy', label: 'everything else on the machine busy', unit: '%', better: 'explains' },
  ],
  async run(stage, { isQuick }) {
    await warmUp(stage, isQuick ? 500 : 2000)
    const measured = await measureTraffic(stage, {
      world: newWorld(1, MEMBERS),
      pace: { pace: 'every', millis: EVERY_MILLIS },
      leadInMillis: 500,
      millis: isQuick ? 2000 : 20_000,
    })
    const { deliveryMicros, acknowledgedMicros, acknowledged } = measured
    return {
      p50: percentile(deliveryMicros, 0.5) / 1000,
      p95: percentile(deliveryMicros, 0.95) / 1000,
      p99: percentile(deliveryMicros, 0.99) / 1000,
      acknowledged: percentile(acknowledgedMicros, 0.5) / 1000,
      serverCpu: (measured.serverCpuSeconds / acknowledged) * 1e6,
      postgresCpu: (measured.postgresCpuSeconds / acknowledged) * 1e6,
      loadBusy: measured.loadBusy * 100,
      othersBusy: measured.othersBusy * 100,
    }
  },
}
