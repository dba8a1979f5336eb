import fc from 'fast-check'
import { expect, test } from 'vitest'
import { useDevices } from './devices/stage.ts'
import { anyStory } from './devices/story.ts'
import { type Outcome, tell } from './devices/tell.ts'

/** How many stories, of how many steps, and from which seed: more when asked for. */
const STORIES = Number(process.env['STORIES'] ?? 4)
const STEPS = Number(process.env['STEPS'] ?? 60)
const SEED = Number(process.env['SEED'] ?? 1)
const IS_SHRUNK = process.env['SHRINK'] === '1'

const stage = useDevices()

test(
  `[R1][R2][L2][C1][C2][C3] devices with clocks years apart, online in any order, come to show the same: what the server says (${STORIES} stories, seed ${SEED})`,
  { timeout: IS_SHRUNK ? 3_600_000 : 60_000 + STORIES * 80_000 },
  async () => {
    const outcomes: Outcome[] = []
    await fc.assert(
      fc.asyncProperty(anyStory(STEPS), async (story) => {
        const outcome = await tell(stage, story)
        outcomes.push(outcome)
        expect(outcome.wrong, JSON.stringify(story)).toEqual([])
      }),
      // A story that fails is kept as it is unless asked for a shorter one: that takes minutes.
      { numRuns: STORIES, seed: SEED, endOnFailure: !IS_SHRUNK },
    )
    const sum = (of: 'given' | 'refused' | 'looks') => outcomes.reduce((all, each) => all + each[of], 0)
    process.stderr.write(
      `${outcomes.length} stories: ${sum('given')} commands, ${sum('refused')} refused, ${sum('looks')} looks\n`,
    )
    expect(sum('given')).toBeGreaterThan(STORIES * 10)
    expect(sum('looks')).toBeGreaterThan(sum('given'))
  },
)
