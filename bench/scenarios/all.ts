import { latency } from './a-latency.ts'
import { throughput } from './b-throughput.ts'
import { fanOut } from './c-fan-out.ts'
import { catchUp } from './d-catch-up.ts'
import { idle } from './e-idle.ts'
import { history } from './f-history.ts'
import { offlineFlush } from './g-offline-flush.ts'
import type { Scenario } from './scenario.ts'

export const SCENARIOS: readonly Scenario[] = [
  latency,
  throughput,
  fanOut,
  catchUp,
  idle,
  history,
  offlineFlush,
]
