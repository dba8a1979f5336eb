import type { Millis } from '@parley/protocol'
import type { Observable } from '../observable.ts'
import type { Clock, Locks, Sight } from '../ports.ts'

/** A leader that has not answered a tab that the person sees by now does not run: it is frozen, or hangs. */
export const PATIENCE: Millis = 5_000

/** How often a tab that the person sees makes sure of its leader. */
export const LOOK_EVERY: Millis = 5_000

export interface LeadershipOptions {
  readonly name: string
  readonly locks: Locks
  readonly sight: Observable<Sight>
  readonly clock: Clock
  /** Asks the leader, if there is one, whether it is there. */
  readonly ask: () => void
  /** Stands in line behind whoever leads. */
  readonly follow: () => void
  readonly lead: () => void
  /** Leads no longer: another tab does, or the browser stops this one. */
  readonly cease: () => void
}

export interface Leadership {
  /** The leader has been heard. `isSteady`: the browser lets it run, or it has no need to. */
  heard(isSteady: boolean): void
  close(): void
}

/**
 * Which of a person's tabs leads: the one that holds the lock, which the browser passes on when a tab
 * goes. A tab that is kept but not run would hold it for ever. So a tab gives it back when it is told that it
 * will be stopped, and one that the person sees takes it from a leader that is silent or slowed down.
 */
export function openLeadership(options: LeadershipOptions): Leadership {
  const { name, locks, sight, clock } = options
  let place: 'none' | 'line' | 'lead' = 'none'
  let leave: () => void = () => undefined
  let cancel: () => void = () => undefined

  const stand = (steal: boolean) => {
    leave()
    place = 'line'
    options.follow()
    leave = locks.hold(name, {
      steal,
      held: () => {
        cancel()
        place = 'lead'
        options.lead()
      },
      stolen: () => {
        options.cease()
        stand(false)
        look()
      },
    })
  }
  const step = () => {
    if (sight.get() === 'frozen') {
      cancel()
      leave()
      if (place === 'lead') options.cease()
      place = 'none'
      return
    }
    if (place === 'none') stand(false)
    look()
  }
  const isWatching = () => place === 'line' && sight.get() === 'visible'
  const look = () => {
    cancel()
    if (!isWatching()) return
    options.ask()
    cancel = clock.after(PATIENCE, () => stand(true))
  }

  const endSight = sight.subscribe(step)
  step()
  return {
    heard: (isSteady) => {
      if (!isWatching()) return
      cancel()
      if (isSteady) cancel = clock.after(LOOK_EVERY, look)
      else stand(true)
    },
    close: () => {
      endSight()
      cancel()
      leave()
    },
  }
}
