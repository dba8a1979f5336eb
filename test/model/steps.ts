import fc from 'fast-check'
import { z } from 'zod'

/**
 * What happens in a run, in words that mean something in any world: people, conversations and messages
 * are numbers that choose among what there is. So any part of a list of steps is a list of steps, a
 * failing one can be cut down, and it is kept as JSON.
 */
const number = z.int().nonnegative()
export const role = z.enum(['owner', 'admin', 'member'])

export const act = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('say'),
    in: number,
    text: number,
    mentions: z.array(number),
    reply: number.nullable(),
  }),
  z.strictObject({ do: z.literal('react'), in: number, to: number, emoji: number, on: z.boolean() }),
  z.strictObject({
    do: z.literal('create'),
    kind: z.enum(['group', 'channel']),
    members: z.array(number),
    title: number,
    /** Under the id of an earlier conversation. */
    again: number.nullable(),
  }),
  z.strictObject({ do: z.literal('talk'), with: number, isBroken: z.boolean() }),
  z.strictObject({ do: z.literal('update'), in: number, change: number }),
  z.strictObject({ do: z.literal('delete'), in: number }),
  z.strictObject({ do: z.literal('add'), in: number, user: number, role: role.nullable() }),
  z.strictObject({ do: z.literal('join'), in: number }),
  z.strictObject({ do: z.literal('remove'), in: number, user: number }),
  z.strictObject({ do: z.literal('leave'), in: number }),
  z.strictObject({ do: z.literal('role'), in: number, user: number, role }),
  z.strictObject({ do: z.literal('request'), user: number }),
  z.strictObject({ do: z.literal('answer'), request: number, accept: z.boolean() }),
  z.strictObject({ do: z.literal('unfriend'), user: number }),
  z.strictObject({ do: z.literal('block'), user: number }),
  z.strictObject({ do: z.literal('unblock'), user: number }),
  /** An earlier command again, by its author or by somebody else. */
  z.strictObject({ do: z.literal('repeat'), command: number, isOwn: z.boolean() }),
])
export type Act = z.infer<typeof act>

export const door = z.enum(['rest', 'outbox'])
export type Door = z.infer<typeof door>

/** What somebody does at the same time as others: one after the other, by one door. */
export const lane = z.strictObject({ who: number, door, acts: z.array(act) })
export type Lane = z.infer<typeof lane>

export const step = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('act'), who: number, door, act }),
  z.strictObject({ do: z.literal('read'), who: number, door, in: number, seq: number }),
  z.strictObject({ do: z.literal('offline'), who: number }),
  z.strictObject({ do: z.literal('online'), who: number }),
  /** A day goes by. */
  z.strictObject({ do: z.literal('wait') }),
  /** The server is stopped, and started again. */
  z.strictObject({ do: z.literal('restart') }),
  z.strictObject({ do: z.literal('erase'), who: number }),
  /** Everything that everybody can see is compared. */
  z.strictObject({ do: z.literal('look') }),
  /** Several people act at the same moment. */
  z.strictObject({ do: z.literal('together'), lanes: z.array(lane) }),
])
export type Step = z.infer<typeof step>

export const PEOPLE = 6
const who = fc.nat(PEOPLE - 1)
const some = fc.nat(99)
const maybe = (chance: number) => fc.option(some, { freq: chance })
const anyRole = fc.constantFrom('owner' as const, 'admin' as const, 'member' as const)
const anyDoor = fc.constantFrom('rest' as const, 'outbox' as const)

const anyAct: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      do: fc.constant('say' as const),
      in: some,
      text: some,
      mentions: fc.oneof(
        { weight: 2, arbitrary: fc.constant<number[]>([]) },
        { weight: 1, arbitrary: fc.array(fc.nat(105), { maxLength: 3 }) },
      ),
      reply: maybe(3),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('react' as const),
      in: some,
      to: some,
      emoji: fc.nat(1),
      on: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('create' as const),
      kind: fc.constantFrom('group' as const, 'channel' as const),
      members: fc.array(some, { maxLength: 4 }),
      title: some,
      again: fc.option(some, { freq: 5 }).map((again) => (again !== null && again > 50 ? null : again)),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('talk' as const),
      with: some,
      isBroken: fc.nat(9).map((n) => n === 9),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('update' as const), in: some, change: some }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), in: some }) },
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constant('add' as const),
      in: some,
      user: some,
      role: fc.option(anyRole, { freq: 2 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('join' as const), in: some }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('remove' as const), in: some, user: some }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('leave' as const), in: some }) },
  {
    weight: 7,
    arbitrary: fc.record({ do: fc.constant('role' as const), in: some, user: some, role: anyRole }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('request' as const), user: some }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('answer' as const), request: some, accept: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('unfriend' as const), user: some }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('block' as const), user: some }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('unblock' as const), user: some }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('repeat' as const),
      command: some,
      isOwn: fc.nat(3).map((n) => n > 0),
    }),
  },
)

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 80,
    arbitrary: fc.record({ do: fc.constant('act' as const), who, door: anyDoor, act: anyAct }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('read' as const),
      who,
      door: anyDoor,
      in: some,
      seq: fc.nat(30),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('offline' as const), who }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('online' as const), who }) },
  { weight: 2, arbitrary: fc.constant({ do: 'wait' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('erase' as const), who }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'look' as const }) },
)

/** Several do what they like, or two do the same to each other. */
const anyTogether: fc.Arbitrary<Step> = fc
  .oneof(
    {
      weight: 2,
      arbitrary: fc.array(
        fc.record({ who, door: anyDoor, acts: fc.array(anyAct, { minLength: 1, maxLength: 5 }) }),
        { minLength: 2, maxLength: 4 },
      ),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          who,
          who,
          anyDoor,
          anyDoor,
          fc.nat(3).map((n) => n === 0),
        )
        .map(([one, other, door, otherDoor, isTalk]): Lane[] => [
          { who: one, door, acts: [towards(other, isTalk)] },
          { who: other, door: otherDoor, acts: [towards(one, isTalk)] },
        ]),
    },
  )
  .map((lanes) => ({ do: 'together', lanes }))

/** Beyond what is chosen from the likely ones, a number means somebody by their place. */
const towards = (who: number, isTalk: boolean): Act =>
  isTalk
    ? { do: 'talk', with: 13 * PEOPLE + who, isBroken: false }
    : { do: 'request', user: 13 * PEOPLE + who }

// Without a bias to short lists and to the ends of ranges, which here mean nothing in particular.

/** What people do one after the other. */
export const stories = fc.noBias(fc.array(anyStep, { minLength: 1, maxLength: 160, size: 'max' }))

/** What they do at once, with some things done before and between. */
export const storiesAtOnce = fc.noBias(
  fc.array(fc.oneof({ weight: 4, arbitrary: anyStep }, { weight: 1, arbitrary: anyTogether }), {
    minLength: 1,
    maxLength: 30,
    size: 'max',
  }),
)
