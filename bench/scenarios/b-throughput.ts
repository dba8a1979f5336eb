import { peakMemory } from '../cpu.ts'
import { percentile } from '../statistics.ts'
import { newWorld } from '../world.ts'
import type { Scenario } from './scenario.ts'
import { measureTraffic, warmUp } from './traffic.ts'

const CONVERSATIONS = 100
const MEMBERS = 5

/** A hundred conversations at once; each sender says the next thing as soon as the last is acknowledged. */
export const throughput: Scenario = {
  letter: 'B',
  title: `throughput: ${CONVERSATIONS} conversations of ${MEMBERS}, one sender each with one unacknowledged message`,
  loadProcesses: 1,
  metrics: [
    { name: 'messages', label: 'messages acknowledged', unit: '/s', better: 'more' },
    { name: 'deliveries', label: 'deliveries', unit: '/s', better: 'more' },
    { name: 'acknowledged', label: 'acknowledged p50', unit: 'ms', better: 'less' },
    { name: 'acknowledgedP99', label: 'acknowledged p99', unit: 'ms', better: 'less' },
    { name: 'serverCpu', label: 'server CPU a message', unit: 'µs', better: 'less' },
    { name: 'serverBusy', label: 'server busy', unit: '%', better: 'explains' },
    { name: 'postgresCpu', label: 'PostgreSQL CPU a message', unit: 'µs', better: 'explains' },
    { name: 'loadCpu', label: 'load generator CPU a message', unit: 'µs', better: 'explains' },
    { name: 'loadBusy', label: 'load generator busy', unit: '%', better: 'explains' },
    { name: 'othersBusy', label: 'everything else on the machine busy', unit: '%', better: 'explains' },
    { name: 'memory', label: 'server memory, peak', unit: 'MB', better: 'explains' },
  ],
  async run(stage, { isQuick }) {
    await warmUp(stage, isQuick ? 500 : 2000)
    const measured = await measureTraffic(stage, {
      world: newWorld(CONVERSATIONS, MEMBERS),
      pace: { pace: 'one at a time' },
      leadInMillis: 500,
      millis: isQuick ? 1500 : 8000,
    })
    const { acknowledged, deliveries, seconds, acknowledgedMicros } = measured
    return {
      messages: acknowledged / seconds,
      deliveries: deliveries / seconds,
      acknowledged: percentile(acknowledgedMicros, 0.5) / 1000,
      acknowledgedP99: percentile(acknowledgedMicros, 0.99) / 1000,
      serverCpu: (measured.serverCpuSeconds / acknowledged) * 1e6,
      serverBusy: (measured.serverCpuSeconds / seconds) * 100,
      postgresCpu: (measured.postgresCpuSeconds / acknowledged) * 1e6,
      loadCpu: (measured.cpuSeconds / acknowledged) * 1e6,
      loadBusy: measured.loadBusy * 100,
      othersBusy: measured.othersBusy * 100,
      memory: peakMemory(stage.contestant.server.pid) / 2 ** 20,
    }
  },
}
