import { expect, test } from 'vitest'
import { browserConditions } from './conditions.ts'

const free = { isMetered: false, isBatteryLow: false }

class Told<T extends object> extends EventTarget {
  constructor(facts: T) {
    super()
    Object.assign(this, facts)
  }
  change(event: string, facts: Partial<T>): void {
    Object.assign(this, facts)
    this.dispatchEvent(new Event(event))
  }
}
const told = <T extends object>(facts: T) => new Told(facts) as Told<T> & T

test('a browser that says nothing of its connection and battery holds nothing back', () => {
  expect(browserConditions({}).get()).toEqual(free)
})

test('a mobile network, or the wish to save data, is metered, for as long as it lasts', () => {
  const connection = told({ type: 'wifi', saveData: false })
  const conditions = browserConditions({ connection })
  let changes = 0
  conditions.subscribe(() => (changes += 1))
  expect(conditions.get()).toEqual(free)
  connection.change('change', { type: 'cellular' })
  expect(conditions.get()).toEqual({ ...free, isMetered: true })
  connection.change('change', { type: 'wifi', saveData: true })
  expect(conditions.get()).toEqual({ ...free, isMetered: true })
  connection.change('change', { saveData: false })
  expect(conditions.get()).toEqual(free)
  expect(changes).toBe(2)
})

test('a battery is low at a fifth, unless it is being charged', async () => {
  const battery = told({ charging: false, level: 0.5 })
  const conditions = browserConditions({ getBattery: async () => battery })
  await Promise.resolve()
  expect(conditions.get()).toEqual(free)
  battery.change('levelchange', { level: 0.2 })
  expect(conditions.get()).toEqual({ ...free, isBatteryLow: true })
  battery.change('chargingchange', { charging: true })
  expect(conditions.get()).toEqual(free)
})

test('a browser that does not let a page ask for the battery holds nothing back', async () => {
  const conditions = browserConditions({ getBattery: () => Promise.reject(new Error('not allowed')) })
  await Promise.resolve()
  expect(conditions.get()).toEqual(free)
})
