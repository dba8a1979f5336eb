import type { Opened } from '../load/plan.ts'
import { percentile } from '../statistics.ts'
import { devicesOf, type Group, newWorld } from '../world.ts'
import { type Figures, type Metric, pause, type Scenario, type Settings, type Stage } from './scenario.ts'
import { measureTraffic, warmUp } from './traffic.ts'

/**
 * Near a thousand, a hundred thousand and a million, and all the same modulo 128: Parley's live
 * window holds 128 to 255 events depending on that, and the sizes must not differ in it.
 */
const SIZES = [1000, 100_072, 1_000_040]
const LABELS = ['1,000', '100,000', '1,000,000']
/** A multiple of 128, for the same reason. */
const APPENDS = 256
const OPENINGS = 12
/** What has taken longer than this in all is not opened again, but once after the warm-up. */
const PATIENCE_MILLIS = 6000
/** So that the server has put the document away before it is opened again. */
const UNLOAD_MILLIS = 100

/** One for all contestants and runs, since filling it takes a minute. */
const world = newWorld(SIZES.length, 2)

/** What a long history costs: opening the conversation from nothing, and saying something in it. */
export const history: Scenario = {
  letter: 'F',
  title: `history: opening and appending at ${LABELS.join(', ')} events`,
  loadProcesses: 1,
  keepsDatabase: true,
  metrics: [
    ...LABELS.flatMap((label, index): Metric[] => [
      { name: `open${index}`, label: `${label}: open p50`, unit: 'ms', better: 'less' },
      { name: `open95of${index}`, label: `${label}: open p95`, unit: 'ms', better: 'less' },
      { name: `bytes${index}`, label: `${label}: bytes to open`, unit: 'KB', better: 'less' },
      { name: `append${index}`, label: `${label}: append p50`, unit: 'ms', better: 'less' },
      { name: `appendCpu${index}`, label: `${label}: server CPU an append`, unit: 'µs', better: 'less' },
      { name: `memory${index}`, label: `${label}: server memory when open`, unit: 'MB', better: 'explains' },
    ]),
    { name: 'growth1', label: 'open at 100,000 / at 1,000', unit: '×', better: 'less' },
    { name: 'growth2', label: 'open at 1,000,000 / at 1,000', unit: '×', better: 'less' },
  ],
  async run(stage, settings) {
    const sizes = settings.isQuick ? SIZES.slice(0, 2) : SIZES
    await warmUp(stage, settings.isQuick ? 500 : 2000)
    await stage.contestant.settle(world)
    let figures: Figures = {}
    for (const [index, size] of sizes.entries()) {
      figures = { ...figures, [`memory${index}`]: await memoryWhenOpen(stage, groupOf(index), size) }
    }
    await stage.postgres.checkpoint()
    const openings = await openInTurn(stage, sizes.length)
    for (const index of sizes.keys()) {
      const millis = (openings[index] ?? []).map(({ seconds }) => seconds * 1000)
      figures = {
        ...figures,
        [`open${index}`]: percentile(millis, 0.5),
        [`open95of${index}`]: percentile(millis, 0.95),
        [`bytes${index}`]: percentile(
          (openings[index] ?? []).map(({ receivedBytes }) => receivedBytes / 1024),
          0.5,
        ),
        ...(await appendTo(stage, settings, index)),
      }
    }
    const growth = (index: number): number => (figures[`open${index}`] ?? NaN) / (figures['open0'] ?? NaN)
    return { ...figures, growth1: growth(1), growth2: growth(2) }
  },
}

function groupOf(index: number): Group {
  const group = world.groups[index]
  if (group === undefined) throw new Error(`no conversation ${index}`)
  return group
}

/** Live memory that the conversation adds while a member has it open, in MB; filling it counts where it fills the server. */
async function memoryWhenOpen({ contestant, loads }: Stage, group: Group, size: number): Promise<number> {
  const { dialect, url } = contestant
  const before = await contestant.server.memory()
  await contestant.fill(group, size)
  const devices = devicesOf({ groups: [group] }).slice(1)
  await loads[0]?.ask('connect', { dialect, url, devices })
  const after = await contestant.server.memory()
  await loads[0]?.ask('disconnect')
  await pause(UNLOAD_MILLIS)
  return (after.live - before.live) / 2 ** 20
}

/** One opening of each size after the other, so that a noisy moment of the machine meets all of them. */
async function openInTurn({ contestant, loads }: Stage, sizes: number): Promise<Opened[][]> {
  const openings: Opened[][] = Array.from({ length: sizes }, () => [])
  const spent = Array.from({ length: sizes }, () => 0)
  // The first round warms up.
  for (let round = 0; round <= OPENINGS; round += 1) {
    for (let index = 0; index < sizes; index += 1) {
      const device = devicesOf({ groups: [groupOf(index)] })[1]
      if (device === undefined || ((spent[index] ?? 0) > PATIENCE_MILLIS && round > 1)) continue
      const opened = await loads[0]?.ask('open', contestant.dialect, contestant.url, device)
      if (opened === undefined || opened.messages < 100)
        throw new Error(`${contestant.dialect}: opened without its messages`)
      spent[index] = (spent[index] ?? 0) + opened.seconds * 1000
      if (round > 0) openings[index]?.push(opened)
      await pause(UNLOAD_MILLIS)
    }
  }
  return openings
}

async function appendTo(stage: Stage, { isQuick }: Settings, index: number): Promise<Figures> {
  const measured = await measureTraffic(stage, {
    world: { groups: [{ ...groupOf(index), senders: [0] }] },
    pace: { pace: 'one at a time', count: APPENDS },
    leadInMillis: 0,
    millis: isQuick ? 1000 : 2000,
  })
  return {
    [`append${index}`]: percentile(measured.acknowledgedMicros, 0.5) / 1000,
    [`appendCpu${index}`]: (measured.serverCpuSeconds / measured.acknowledged) * 1e6,
  }
}
