import { expect, test } from 'vitest'
import { LOOK_EVERY, openLeadership, PATIENCE } from './leadership.ts'
import { testClock } from '../testing/clock.ts'
import { type TestTab, testTabs } from '../testing/tabs.ts'

const settle = () => new Promise((resolve) => setImmediate(resolve))

/** Tabs of one browser whose leader answers whoever asks, unless it is stopped. */
function browser() {
  const clock = testClock()
  const tabOf = testTabs()
  const all: { isLeading: boolean; isStopped: boolean; isSteady: boolean; hear(isSteady: boolean): void }[] =
    []
  const open = (sight: 'visible' | 'hidden' = 'visible') => {
    const tab: TestTab = tabOf()
    tab.sight.set(sight)
    const own = {
      tab,
      isLeading: false,
      isStopped: false,
      isSteady: true,
      heard: 0,
      hear: (isSteady: boolean) => leadership.heard(isSteady),
      close: () => leadership.close(),
    }
    all.push(own)
    const leadership = openLeadership({
      name: 'leader',
      locks: tab.locks,
      sight: tab.sight,
      clock,
      ask: () =>
        queueMicrotask(() => {
          const leader = all.find(({ isLeading, isStopped }) => isLeading && !isStopped)
          if (leader !== undefined && leader !== own) own.hear(leader.isSteady)
        }),
      follow: () => undefined,
      lead: () => (own.isLeading = true),
      cease: () => (own.isLeading = false),
    })
    return own
  }
  /** Lets so much time pass, in steps in which tabs can answer each other. */
  const pass = async (millis: number) => {
    for (let passed = 0; passed < millis; passed += 500) {
      clock.advance(500)
      await settle()
    }
  }
  return { open, pass }
}

test('one of many tabs leads, and the next as soon as it is gone, however it goes', async () => {
  const { open } = browser()
  const tabs = [open(), open('hidden'), open()]
  const leading = () => tabs.map(({ isLeading }) => isLeading)
  await settle()
  expect(leading()).toEqual([true, false, false])
  tabs[0]?.tab.crash()
  await settle()
  expect(leading()).toEqual([true, true, false])
  tabs[1]?.close()
  await settle()
  expect(tabs[2]?.isLeading).toBe(true)
})

test('a tab that is told that it will be stopped passes on the lead, and follows when it runs again', async () => {
  const { open } = browser()
  const [one, two] = [open('hidden'), open('hidden')]
  await settle()
  one.tab.sight.set('frozen')
  await settle()
  expect([one.isLeading, two.isLeading]).toEqual([false, true])
  one.tab.sight.set('hidden')
  await settle()
  expect([one.isLeading, two.isLeading]).toEqual([false, true])
  two.tab.crash()
  await settle()
  expect(one.isLeading).toBe(true)
})

test('a tab that follows and is stopped is not made leader', async () => {
  const { open } = browser()
  const [one, two, three] = [open('hidden'), open('hidden'), open('hidden')]
  await settle()
  two.tab.sight.set('frozen')
  one.tab.crash()
  await settle()
  expect([two.isLeading, three.isLeading]).toEqual([false, true])
})

test('a leader that was stopped without a word does not keep a tab that the person sees waiting', async () => {
  const { open, pass } = browser()
  const [one, two] = [open(), open('hidden')]
  await settle()
  one.isStopped = true
  one.tab.sight.set('hidden')
  await pass(10 * PATIENCE)
  expect(two.isLeading).toBe(false)
  two.tab.sight.set('visible')
  await pass(PATIENCE)
  expect(two.isLeading).toBe(true)
  // It finds out as soon as it runs again.
  expect(one.isLeading).toBe(false)
})

test('also when it is stopped only later, while the person looks', async () => {
  const { open, pass } = browser()
  const [one, two] = [open('hidden'), open()]
  await pass(10 * LOOK_EVERY)
  expect([one.isLeading, two.isLeading]).toEqual([true, false])
  one.isStopped = true
  await pass(LOOK_EVERY + PATIENCE)
  expect(two.isLeading).toBe(true)
})

test('a hidden leader that is slowed down while it has no connection gives way to a tab that the person sees', async () => {
  const { open, pass } = browser()
  const [one, two] = [open('hidden'), open('hidden')]
  await settle()
  one.isSteady = false
  await pass(LOOK_EVERY)
  expect(two.isLeading).toBe(false)
  two.tab.sight.set('visible')
  await settle()
  await settle()
  expect([one.isLeading, two.isLeading]).toEqual([false, true])
})

test('two windows side by side leave the lead where it is', async () => {
  const { open, pass } = browser()
  const [one, two] = [open(), open()]
  await pass(20 * LOOK_EVERY)
  expect([one.isLeading, two.isLeading]).toEqual([true, false])
})
