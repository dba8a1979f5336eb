import type { StoreFault } from '@parley/client'
import { expect, test } from 'vitest'
import { storageTrouble, storageWords } from './storage-words.ts'

const FAULTS: readonly StoreFault[] = ['quota', 'closed', 'blocked', 'outdated', 'corrupt', 'failed']
const failing = (what: 'own' | 'history', fault: StoreFault) =>
  ({ state: 'failing', what, fault, at: 1 }) as const

test('[C6] a good day has no words, and everything else has', () => {
  expect(storageTrouble('kept', { state: 'sound' })).toBeUndefined()
  for (const disk of ['none', 'full', 'broken'] as const)
    expect(storageTrouble(disk, { state: 'sound' })).toBeDefined()
})

test('[C6] what may be lost is not spoken of like what the server has, too', () => {
  for (const fault of ['quota', 'closed', 'failed'] as const) {
    const [own, history] = (['own', 'history'] as const).map((what) =>
      storageTrouble('kept', failing(what, fault)),
    )
    expect(own?.words).toBe(storageWords(fault))
    expect(history?.words).not.toBe(own?.words)
  }
})

test('the way out is offered where there is one', () => {
  const ways = FAULTS.map((fault) => [fault, storageTrouble('kept', failing('own', fault))?.way])
  expect(ways.filter(([, way]) => way !== undefined)).toEqual([
    ['quota', 'make-room'],
    ['closed', 'reload'],
    ['outdated', 'reload'],
  ])
  expect(storageTrouble('broken', { state: 'sound' })?.way).toBe('anew')
})
