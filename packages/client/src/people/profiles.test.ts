import { newId, type rest, type UserId } from '@parley/protocol'
import { expect, test } from 'vitest'
import type { Api, Answer } from '../connection/api.ts'
import { memoryStore } from '../store/memory-store.ts'
import { openProfiles } from './profiles.ts'
import { watchSaving } from '../store/saving.ts'
import { testClock } from '../testing/clock.ts'
import { ana, ben } from '../testing/logs.ts'

const person = (id: UserId, name: string, more: Partial<rest.User> = {}): rest.User => ({
  id,
  username: name.toLowerCase(),
  name,
  ...more,
})
const settle = () => new Promise((resolve) => setImmediate(resolve))

/** Profiles over a server that the test answers for. */
async function open(store = memoryStore()) {
  const clock = testClock()
  const people = new Map<UserId, rest.User>()
  const questions: UserId[][] = []
  let hold: Promise<void> | undefined
  let isAway = false
  const users: Api['users'] = async (ids): Promise<Answer<readonly rest.User[]>> => {
    questions.push([...ids])
    const found = ids.flatMap((id) => people.get(id) ?? [])
    await hold
    return isAway ? { ok: false, code: 'unavailable', message: 'away' } : { ok: true, value: found }
  }
  const profiles = await openProfiles(store, watchSaving(clock), { users }, clock)
  return {
    profiles,
    people,
    questions,
    store,
    away: (is: boolean) => {
      isAway = is
    },
    /** Lets answers wait until called. */
    holdAnswers: () => {
      const held = Promise.withResolvers<void>()
      hold = held.promise
      return () => {
        hold = undefined
        held.resolve()
      }
    },
    answer: async () => {
      clock.advance(20)
      await settle()
    },
  }
}

test('who is there is known to the screens, with when they were last', async () => {
  const { profiles } = await open()
  profiles.met([person(ben, 'Ben')])
  const profile = profiles.of(ben)
  const seen: unknown[] = []
  profile.subscribe(() => seen.push([profile.get()?.online, profile.get()?.lastActiveAt]))
  profiles.presence(ben, true, 10)
  profiles.presence(ben, false, 20)
  expect(seen).toEqual([
    [true, 10],
    [false, 20],
  ])
})

test('presence that comes before the name is shown with it', async () => {
  const { profiles, people, answer } = await open()
  people.set(ben, person(ben, 'Ben'))
  profiles.presence(ben, true, 10)
  const profile = profiles.of(ben)
  expect(profile.get()).toBeUndefined()
  await answer()
  expect(profile.get()).toEqual({ ...person(ben, 'Ben'), online: true, lastActiveAt: 10 })
})

test('of who may not be seen any more nothing is shown: neither whether they are there nor when they were', async () => {
  const { profiles } = await open()
  profiles.met([person(ben, 'Ben')])
  profiles.presence(ben, true, 10)
  profiles.presence(ben, false, null)
  expect(profiles.of(ben).get()).toEqual({ ...person(ben, 'Ben'), online: undefined })
})

test('without a connection it is not known who is there, and names stay', async () => {
  const { profiles, people, answer } = await open()
  people.set(ana, person(ana, 'Ana'))
  profiles.met([person(ben, 'Ben')])
  profiles.presence(ben, true, 10)
  profiles.presence(ana, true, 10)
  profiles.lostTouch()
  expect(profiles.of(ben).get()).toEqual({ ...person(ben, 'Ben'), online: undefined, lastActiveAt: 10 })
  profiles.of(ana)
  await answer()
  expect(profiles.of(ana).get()?.online).toBeUndefined()
})

test('a profile that has changed is asked for anew, if it is known here', async () => {
  const { profiles, people, questions, answer, store } = await open()
  profiles.met([person(ben, 'Ben', { avatar: 'a' })])
  profiles.presence(ben, true, 10)
  people.set(ben, person(ben, 'Benjamin'))
  profiles.changed(ben)
  profiles.changed(ana)
  await answer()
  expect(questions).toEqual([[ben]])
  expect(profiles.of(ben).get()).toEqual({ ...person(ben, 'Benjamin'), online: true, lastActiveAt: 10 })
  expect(await store.profiles()).toEqual([{ ...person(ben, 'Benjamin'), lastActiveAt: 10 }])
})

test('a change while the answer to the one before is on its way is asked for again', async () => {
  const { profiles, people, questions, holdAnswers, answer } = await open()
  profiles.met([person(ben, 'Ben')])
  people.set(ben, person(ben, 'Benny'))
  const release = holdAnswers()
  profiles.changed(ben)
  await answer()
  people.set(ben, person(ben, 'Benjamin'))
  profiles.changed(ben)
  release()
  await settle()
  expect(profiles.name(ben)).toBe('Benny')
  await answer()
  expect(profiles.name(ben)).toBe('Benjamin')
  await answer()
  expect(questions).toEqual([[ben], [ben]])
})

test('what may have changed without a connection is asked for with the next: what was shown lately at once, the rest when shown', async () => {
  const cleo = newId<UserId>()
  const { profiles, people, questions, answer } = await open()
  profiles.met([person(ana, 'Ana'), person(ben, 'Ben'), person(cleo, 'Cleo')])
  for (const [id, name] of [
    [ana, 'Anna'],
    [ben, 'Benjamin'],
    [cleo, 'Cleopatra'],
  ] as const)
    people.set(id, person(id, name))
  profiles.of(ben)
  await answer()
  expect(questions).toEqual([])
  profiles.lostTouch()
  profiles.wake()
  await answer()
  expect(questions).toEqual([[ben]])
  expect(profiles.name(ben)).toBe('Benjamin')
  profiles.of(ana)
  profiles.of(ben)
  await answer()
  profiles.of(ana)
  await answer()
  expect(questions).toEqual([[ben], [ana]])
  expect([ana, ben, cleo].map(profiles.name)).toEqual(['Anna', 'Benjamin', 'Cleo'])
})

test('who could not be loaded is asked for when the connection is back, and not before', async () => {
  const { profiles, people, questions, away, answer } = await open()
  people.set(ben, person(ben, 'Ben'))
  away(true)
  const profile = profiles.of(ben)
  await answer()
  profiles.of(ben)
  await answer()
  expect(questions).toEqual([[ben]])
  away(false)
  profiles.wake()
  await answer()
  expect(profile.get()?.name).toBe('Ben')
  expect(questions).toEqual([[ben], [ben]])
})

test('a question that the lost connection takes along is asked again on the next, also if its failure is heard only then', async () => {
  const { profiles, people, questions, away, holdAnswers, answer } = await open()
  people.set(ben, person(ben, 'Ben'))
  const release = holdAnswers()
  const profile = profiles.of(ben)
  await answer()
  profiles.wake()
  away(true)
  release()
  await settle()
  away(false)
  await answer()
  expect(profile.get()?.name).toBe('Ben')
  expect(questions).toEqual([[ben], [ben]])
})
