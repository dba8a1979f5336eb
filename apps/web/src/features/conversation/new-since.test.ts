import { expect, test } from 'vitest'
import { newSince } from './new-since.ts'

const HOUR = 3_600_000
const now = 1_000 * HOUR
const facts = {
  visit: { cameAt: now, leftAt: now - 2 * HOUR },
  lastActiveAt: undefined,
  firstNewAt: now - HOUR,
}

test('what was said between going and coming back is new since the going', () => {
  expect(newSince(facts)).toBe(now - 2 * HOUR)
})

test('whoever was here later on another device was away since then', () => {
  expect(newSince({ ...facts, lastActiveAt: now - 1.5 * HOUR })).toBe(now - 1.5 * HOUR)
  expect(newSince({ ...facts, lastActiveAt: now - 5 * HOUR })).toBe(now - 2 * HOUR)
  expect(newSince({ ...facts, visit: { cameAt: now }, lastActiveAt: now - 2 * HOUR })).toBe(now - 2 * HOUR)
})

test('a connection that broke while the person was here says nothing of when they went', () => {
  expect(newSince({ ...facts, lastActiveAt: now + HOUR })).toBe(now - 2 * HOUR)
})

test('a device that stayed connected after they went does not hide when they went', () => {
  expect(newSince({ ...facts, lastActiveAt: now - HOUR / 2 })).toBe(now - 2 * HOUR)
  expect(newSince({ ...facts, lastActiveAt: now })).toBe(now - 2 * HOUR)
})

test('what came while they were here, or before they went, is not new since they went', () => {
  expect(newSince({ ...facts, firstNewAt: now + HOUR })).toBeUndefined()
  expect(newSince({ ...facts, firstNewAt: now - 3 * HOUR })).toBeUndefined()
  expect(newSince({ ...facts, firstNewAt: undefined })).toBeUndefined()
})

test('who has not been away, or never was here, is told no time', () => {
  expect(newSince({ ...facts, visit: { cameAt: now, leftAt: now - 30_000 } })).toBeUndefined()
  expect(newSince({ ...facts, visit: { cameAt: now } })).toBeUndefined()
})
