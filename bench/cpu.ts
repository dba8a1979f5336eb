import { readdirSync, readFileSync } from 'node:fs'

/** CPU seconds of processes, from /proc; zero where there is none. */

const TICKS_A_SECOND = 100

interface Stat {
  readonly parent: number
  /** User and system time of the process, and of its children that have ended. */
  readonly seconds: number
}

function stat(pid: number | string): Stat | undefined {
  try {
    // The command's name, in brackets, may hold spaces.
    const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(/\) (?!.*\) )/)
    const fields = rest.split(' ')
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
    return { parent: Number(fields[1]), seconds: ticks / TICKS_A_SECOND }
  } catch {
    // The process has ended, or this is not Linux.
    return undefined
  }
}

export const cpuSecondsOf = (pid: number): number => stat(pid)?.seconds ?? 0

/** Of a process and all its children: PostgreSQL's postmaster and its backends. */
export function cpuSecondsOfFamily(pid: number): number {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(stat)
      .filter((found) => found?.parent === pid)
      .reduce((sum, found) => sum + (found?.seconds ?? 0), cpuSecondsOf(pid))
  } catch {
    return 0
  }
}

/** Of everything that runs on the machine, since it started. */
export function cpuSecondsOfMachine(): number {
  try {
    const [, user, nice, system, , , irq, softIrq] = readFileSync('/proc/stat', 'utf8')
      .split(/\s+/)
      .map(Number)
    return (
      [user, nice, system, irq, softIrq].reduce<number>((sum, ticks) => sum + (ticks ?? 0), 0) /
      TICKS_A_SECOND
    )
  } catch {
    return 0
  }
}

/** The most memory the process has ever held resident, in bytes. */
export function peakMemory(pid: number): number {
  try {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return Number(kilobytes ?? 0) * 1024
  } catch {
    return 0
  }
}
