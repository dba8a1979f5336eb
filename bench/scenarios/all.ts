import { latency } from './a-latency.ts'
import { throughput } from './b-throughput.ts'
import { fanOut } from './c-fan-out.ts'
import type { Scenario } from './scenario.ts'

export const SCENARIOS: readonly Scenario[] = [latency, throughput, fanOut]
