import type { CommandId } from '@parley/protocol'
import { type Fate, joinReports, type Report } from './fate.ts'
import { type Derived, derived, type Observable } from '../observable.ts'

/** What has become of each command, from whatever side word of it comes. */
export interface Fates {
  get(id: CommandId): Report | undefined
  of(id: CommandId): Observable<Fate | undefined>
  /** `attempt` left out: of the latest. */
  report(id: CommandId, fate: Fate, attempt?: number): void
  /** What came of it before no longer counts: the server has lost it. */
  forget(id: CommandId): void
  /** Of answered commands only the newest are remembered: a bot gives millions. */
  forgetOldest(): void
  /** Hears of each command whose fate has changed. */
  onChange(listener: (id: CommandId, fate: Fate) => void): void
}

export function openFates(): Fates {
  const reports = new Map<CommandId, Report>()
  const fates = new Map<CommandId, Derived<Fate | undefined>>()
  const listeners = new Set<(id: CommandId, fate: Fate) => void>()
  return {
    get: (id) => reports.get(id),
    of: (id) => {
      const known = fates.get(id) ?? derived<Fate | undefined>(() => reports.get(id)?.fate)
      fates.set(id, known)
      return known
    },
    report: (id, fate, attempt = reports.get(id)?.attempt ?? 0) => {
      const before = reports.get(id)
      const next: Report = { attempt, fate }
      const after = before === undefined ? next : joinReports(before, next)
      if (after === before) return
      reports.set(id, after)
      fates.get(id)?.invalidate()
      for (const listener of [...listeners]) listener(id, after.fate)
    },
    forget: (id) => {
      reports.delete(id)
    },
    forgetOldest: () => forgetOldest(reports),
    onChange: (listener) => listeners.add(listener),
  }
}

const REMEMBERED = 5000

function forgetOldest(reports: Map<CommandId, Report>): void {
  let surplus = reports.size - REMEMBERED
  if (surplus <= 0) return
  for (const [id, { fate }] of reports) {
    if (surplus-- <= 0) return
    if (fate.state === 'discarded' || (fate.state === 'accepted' && fate.seq !== undefined))
      reports.delete(id)
  }
}
