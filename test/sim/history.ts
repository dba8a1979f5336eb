import type { Command, CommandId } from '@parley/protocol'
import type { Device } from './device.ts'

/** A command as it was given, and when its answer was first known outside the server. */
export interface GivenCommand {
  readonly command: Command
  readonly device: Device
  readonly door: 'outbox' | 'rest'
  readonly givenAt: number
  answeredAt?: number
  /** How many times it was given, over all doors and devices. */
  times: number
  isRefused: boolean
  /** The device crashed before it said that the command was saved. */
  mayVanish: boolean
}

/** What happened, as somebody outside saw it: the only thing that the promises are checked against. */
export class History {
  readonly given = new Map<CommandId, GivenCommand>()
  readonly violations: string[] = []
  readonly counts: Record<string, number> = {}
  readonly #open = new Set<GivenCommand>()

  count(what: string, by = 1): void {
    this.counts[what] = (this.counts[what] ?? 0) + by
  }

  give(device: Device, command: Command, door: GivenCommand['door']): GivenCommand {
    const known = this.given.get(command.id)
    if (known !== undefined) {
      known.times += 1
      return known
    }
    const given: GivenCommand = {
      command,
      device,
      door,
      givenAt: performance.now(),
      times: 1,
      isRefused: false,
      mayVanish: false,
    }
    this.given.set(command.id, given)
    if (door === 'outbox') this.#open.add(given)
    return given
  }

  /** Looks at a device: what has left its outbox has been answered. */
  look(device: Device): void {
    if (!device.isRunning) return
    const unanswered = device.unanswered()
    const now = performance.now()
    for (const given of this.#open) {
      if (given.device !== device || unanswered.has(given.command.id)) continue
      given.answeredAt = now
      given.isRefused = device.refused().has(given.command.id)
      this.#open.delete(given)
    }
  }

  /** Crashed before it was on disk: it may have gone out all the same, or be gone. */
  lose(ids: readonly CommandId[]): void {
    for (const id of ids) {
      const given = this.given.get(id)
      if (given === undefined) continue
      given.mayVanish = true
      this.#open.delete(given)
      this.count('lost before they were saved')
    }
  }

  get unanswered(): readonly GivenCommand[] {
    return [...this.#open]
  }

  violate(what: string): void {
    this.violations.push(what)
  }
}
