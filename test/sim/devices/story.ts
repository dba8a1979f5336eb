import fc from 'fast-check'
import { z } from 'zod'
import type { Act } from './act.ts'

const number = z.int().nonnegative()
const years = z.number().min(-10).max(10)
const isOn = { on: z.boolean() }

const act = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('send'), place: number, mention: number }),
  z.strictObject({ act: z.literal('reply'), place: number, message: number }),
  z.strictObject({ act: z.literal('react'), place: number, message: number, ...isOn }),
  z.strictObject({ act: z.literal('rename'), place: number }),
  z.strictObject({ act: z.literal('archive'), place: number, ...isOn }),
  z.strictObject({ act: z.literal('add'), place: number, person: number }),
  z.strictObject({ act: z.literal('remove'), place: number, person: number }),
  z.strictObject({ act: z.literal('role'), place: number, person: number, isAdmin: z.boolean() }),
  z.strictObject({ act: z.literal('create') }),
  z.strictObject({ act: z.literal('direct'), person: number }),
  z.strictObject({ act: z.literal('read'), place: number, part: z.int().min(0).max(100) }),
  z.strictObject({ act: z.literal('draft'), place: number }),
  z.strictObject({ act: z.literal('retry'), which: number }),
  z.strictObject({ act: z.literal('discard'), which: number }),
  z.strictObject({ act: z.literal('network'), isOnline: z.boolean() }),
  z.strictObject({ act: z.literal('cut') }),
  z.strictObject({ act: z.literal('clock'), years }),
  z.strictObject({ act: z.literal('restart') }),
  z.strictObject({ act: z.literal('pause'), millis: z.int().min(0).max(1000) }),
]) satisfies z.ZodType<Act>

/** Devices by the number of their person and how many years their clock is ahead; and what happens, where, one after the other. */
export const story = z.strictObject({
  devices: z
    .array(z.strictObject({ person: z.int().min(0).max(2), years }))
    .min(2)
    .max(5),
  steps: z.array(z.strictObject({ device: number, what: act })),
})
export type Story = z.infer<typeof story>

const pick = fc.nat({ max: 20 })
/** In steps of a tenth of a year, so that a shorter story has a rounder number. */
const clock = fc.integer({ min: -100, max: 100 }).map((tenths) => tenths / 10)
const one = <T extends Act['act']>(name: T) => fc.constant(name)

const anyAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 14, arbitrary: fc.record({ act: one('send'), place: pick, mention: fc.nat({ max: 4 }) }) },
  { weight: 3, arbitrary: fc.record({ act: one('reply'), place: pick, message: pick }) },
  { weight: 4, arbitrary: fc.record({ act: one('react'), place: pick, message: pick, on: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ act: one('rename'), place: pick }) },
  { weight: 1, arbitrary: fc.record({ act: one('archive'), place: pick, on: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ act: one('add'), place: pick, person: pick }) },
  { weight: 1, arbitrary: fc.record({ act: one('remove'), place: pick, person: pick }) },
  { weight: 1, arbitrary: fc.record({ act: one('role'), place: pick, person: pick, isAdmin: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ act: one('create') }) },
  { weight: 1, arbitrary: fc.record({ act: one('direct'), person: pick }) },
  {
    weight: 5,
    arbitrary: fc.record({ act: one('read'), place: pick, part: fc.integer({ min: 0, max: 100 }) }),
  },
  { weight: 2, arbitrary: fc.record({ act: one('draft'), place: pick }) },
  { weight: 1, arbitrary: fc.record({ act: one('retry'), which: pick }) },
  { weight: 1, arbitrary: fc.record({ act: one('discard'), which: pick }) },
  { weight: 5, arbitrary: fc.record({ act: one('network'), isOnline: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ act: one('cut') }) },
  { weight: 3, arbitrary: fc.record({ act: one('clock'), years: clock }) },
  { weight: 2, arbitrary: fc.record({ act: one('restart') }) },
  { weight: 6, arbitrary: fc.record({ act: one('pause'), millis: fc.nat({ max: 60 }) }) },
)

/** Two or three people, the first of them with two devices at least. */
export const anyStory = (maxSteps: number): fc.Arbitrary<Story> =>
  fc.record({
    devices: fc
      .array(fc.record({ person: fc.nat({ max: 2 }), years: clock }), { minLength: 0, maxLength: 2 })
      .chain((more) =>
        fc
          .tuple(clock, clock, clock)
          .map(([a, b, c]) => [
            { person: 0, years: a },
            { person: 0, years: b },
            { person: 1, years: c },
            ...more,
          ]),
      ),
    steps: fc.array(fc.record({ device: fc.nat({ max: 4 }), what: anyAct }), {
      minLength: maxSteps / 2,
      maxLength: maxSteps,
      size: 'max',
    }),
  })
