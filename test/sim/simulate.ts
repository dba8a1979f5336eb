import { check } from './check.ts'
import { World } from './world.ts'

export interface Simulated {
  readonly seed: number
  readonly violations: readonly string[]
  /** What happened how often: a run that did nothing shows nothing. */
  readonly counts: Readonly<Record<string, number>>
  /** What the server wrote. */
  readonly serverSaid: string
}

/** One run: `steps` decisions of the seed, then everything heals, settles and is checked [L1–L8, C1–C3, N1, N3]. */
export async function simulate(
  seed: number,
  steps: number,
  databaseUrl: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Simulated> {
  const world = await World.open({ seed, databaseUrl, environment })
  try {
    for (let left = steps; left > 0; left--) await world.step()
    try {
      await world.settle()
      await check(world)
    } catch (error) {
      world.history.violate(error instanceof Error ? (error.stack ?? error.message) : String(error))
    }
  } finally {
    await world.close()
  }
  const { violations, counts } = world.history
  return { seed, violations, counts, serverSaid: world.server.said() }
}
