import type { Locks } from '../ports.ts'

const NAME = 'parley/session'

/** Runs one piece of work at a time, each after all that were given before: of this tab, and with locks of all tabs. */
export function takeTurns(locks: Locks | undefined): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const run = locks === undefined ? work : () => holding(locks, work)
    const mine = last.then(run, run)
    last = mine
    return mine
  }
}

async function holding<T>(locks: Locks, work: () => Promise<T>): Promise<T> {
  const { promise: held, resolve } = Promise.withResolvers<void>()
  const giveBack = locks.hold(NAME, { steal: false, held: resolve, stolen: () => undefined })
  await held
  try {
    return await work()
  } finally {
    giveBack()
  }
}
