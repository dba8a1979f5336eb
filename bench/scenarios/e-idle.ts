import { cpuSecondsOf } from '../cpu.ts'
import { devicesOf, newWorld } from '../world.ts'
import { pause, type Scenario } from './scenario.ts'
import { warmUp } from './traffic.ts'

const MEMBERS = 2000
const MEMBERS_EACH = 10

/** Two thousand members connected, each in one conversation of ten, and nobody says anything. */
export const idle: Scenario = {
  letter: 'E',
  title: `idle: ${MEMBERS.toLocaleString('en')} members connected, in conversations of ${MEMBERS_EACH}`,
  loadProcesses: 1,
  metrics: [
    { name: 'live', label: 'live memory a member', unit: 'KB', better: 'less' },
    { name: 'resident', label: 'resident memory a member', unit: 'KB', better: 'less' },
    { name: 'connect', label: 'until all are connected', unit: 's', better: 'less' },
    { name: 'cpu', label: 'server busy while idle', unit: '%', better: 'explains' },
  ],
  async run(stage, { isQuick }) {
    await warmUp(stage, isQuick ? 500 : 2000)
    const { contestant, loads } = stage
    const [load] = loads
    if (load === undefined) throw new Error('no load process')
    const members = isQuick ? 200 : MEMBERS
    const world = newWorld(members / MEMBERS_EACH, MEMBERS_EACH)
    await contestant.settle(world)
    // The warm-up's connections are closed on this side; the server lets go of them a little later.
    await pause(1000)
    const before = await contestant.server.memory()
    const started = performance.now()
    const { dialect, url } = contestant
    await load.ask('connect', { dialect, url, devices: devicesOf(world) })
    const connect = (performance.now() - started) / 1000
    await pause(2000)
    const cpuBefore = cpuSecondsOf(contestant.server.pid)
    await pause(3000)
    const cpu = ((cpuSecondsOf(contestant.server.pid) - cpuBefore) / 3) * 100
    const after = await contestant.server.memory()
    await load.ask('disconnect')
    return {
      live: (after.live - before.live) / members / 1024,
      resident: (after.rss - before.rss) / members / 1024,
      connect,
      cpu,
    }
  },
}
