import { join } from 'node:path'
import { cpuSecondsOf, cpuSecondsOfFamily, cpuSecondsOfMachine } from '../cpu.ts'
import type { Counts, LoadPlan, Measured, Pace } from '../load/plan.ts'
import { devicesOf, newWorld, type World } from '../world.ts'
import { pause, type Stage } from './scenario.ts'

/** Members who are connected while some of them talk. */
export interface Traffic {
  readonly world: World
  readonly pace: Pace
  /** Talk before the measured window, on the same connections. */
  readonly leadInMillis: number
  readonly millis: number
}

export interface TrafficMeasured extends Measured {
  readonly serverCpuSeconds: number
  readonly postgresCpuSeconds: number
  /** How busy the busiest load process was, as a share of one core: near 1 it is itself the limit. */
  readonly loadBusy: number
  /** How busy everything else on the machine was, as a share of one core: above a tenth the figures are not to be trusted. */
  readonly othersBusy: number
  readonly connectSeconds: number
}

/** Throws when a message did not arrive exactly once at every member: then nothing was measured. */
export async function measureTraffic(
  stage: Stage,
  traffic: Traffic,
  isWarmUp = false,
): Promise<TrafficMeasured> {
  const { contestant, postgres, loads } = stage
  const profileFolder = isWarmUp ? undefined : stage.profileFolder
  await contestant.settle(traffic.world)
  const shares = share(devicesOf(traffic.world), loads.length)
  const { dialect, url } = contestant
  const connectingSince = performance.now()
  await Promise.all(
    loads.map((load, index) =>
      load.ask('connect', { dialect, url, devices: shares[index] ?? [] } satisfies LoadPlan),
    ),
  )
  const connectSeconds = (performance.now() - connectingSince) / 1000
  await postgres.checkpoint()
  await Promise.all(loads.map((load) => load.ask('speak', traffic.pace)))
  await pause(traffic.leadInMillis)
  const cpu = () => ({
    server: cpuSecondsOf(contestant.server.pid),
    postgres: cpuSecondsOfFamily(postgres.pid),
    load: loads.reduce((sum, { pid }) => sum + cpuSecondsOf(pid), 0),
    machine: cpuSecondsOfMachine(),
  })
  if (profileFolder !== undefined) await contestant.server.startProfile()
  await Promise.all(loads.map((load) => load.ask('measure')))
  const before = cpu()
  await pause(traffic.millis)
  const after = cpu()
  if (profileFolder !== undefined) {
    await contestant.server.saveProfile(join(profileFolder, `${dialect}-${Date.now()}.cpuprofile`))
  }
  const sent: Counts = Object.assign({}, ...(await Promise.all(loads.map((load) => load.ask('hush')))))
  const parts = await Promise.all(loads.map((load) => load.ask('settle', sent)))
  await Promise.all(loads.map((load) => load.ask('disconnect')))
  const merged = merge(parts)
  if (merged.faults.length > 0)
    throw new Error(`${dialect}: not every message arrived once:\n${merged.faults.join('\n')}`)
  const spent = {
    server: after.server - before.server,
    postgres: after.postgres - before.postgres,
    load: after.load - before.load,
    machine: after.machine - before.machine,
  }
  return {
    ...merged,
    connectSeconds,
    serverCpuSeconds: spent.server,
    postgresCpuSeconds: spent.postgres,
    othersBusy: Math.max(0, spent.machine - spent.server - spent.postgres - spent.load) / merged.seconds,
    loadBusy: Math.max(...parts.map(({ cpuSeconds, seconds }) => cpuSeconds / seconds)),
  }
}

/** Runs the code paths of a fresh server hot, in conversations that are not measured. */
export async function warmUp(stage: Stage, millis: number): Promise<void> {
  const world = newWorld(20, 5)
  await measureTraffic(stage, { world, pace: { pace: 'one at a time' }, leadInMillis: 0, millis }, true)
}

/** Deals the members out, so that each process has some of each conversation. */
const share = <T>(items: readonly T[], ways: number): T[][] =>
  Array.from({ length: ways }, (_, way) => items.filter((_item, index) => index % ways === way))

function merge(parts: readonly Measured[]): Measured {
  const last = new Map<string, Measured['last'][number]>()
  for (const arrival of parts.flatMap((part) => part.last)) {
    const key = `${arrival.sender} ${arrival.number}`
    const other = last.get(key)
    const arrivals = arrival.arrivals + (other?.arrivals ?? 0)
    last.set(key, { ...arrival, arrivals, micros: Math.max(arrival.micros, other?.micros ?? 0) })
  }
  const sum = (figure: (part: Measured) => number): number =>
    parts.reduce((total, part) => total + figure(part), 0)
  return {
    faults: parts.flatMap(({ faults }) => faults),
    seconds: sum(({ seconds }) => seconds) / parts.length,
    acknowledged: sum(({ acknowledged }) => acknowledged),
    deliveries: sum(({ deliveries }) => deliveries),
    deliveryMicros: concat(parts.map(({ deliveryMicros }) => deliveryMicros)),
    acknowledgedMicros: concat(parts.map(({ acknowledgedMicros }) => acknowledgedMicros)),
    last: [...last.values()],
    cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds),
  }
}

function concat(arrays: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(arrays.reduce((length, array) => length + array.length, 0))
  let at = 0
  for (const array of arrays) {
    all.set(array, at)
    at += array.length
  }
  return all
}
