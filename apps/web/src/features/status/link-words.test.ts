import { expect, test } from 'vitest'
import { languageFor } from '../../i18n/language.tsx'
import { linkWords } from './link-words.ts'

const language = languageFor(['en'])

test('offline says that what is written will be sent later, and how much waits', () => {
  expect(linkWords({ state: 'offline' }, 3, 0, language)).toBe(
    'You are offline. What you write will be sent later: 3 waiting.',
  )
  expect(linkWords({ state: 'offline' }, 0, 0, language)).toBe(
    'You are offline. What you write will be sent later.',
  )
})

test('[C4] a server that is down says when it is tried again, and that things wait', () => {
  expect(linkWords({ state: 'waiting', retryAt: 9000, attempt: 2 }, 2, 1000, language)).toBe(
    'The server cannot be reached. Trying again in 8 seconds. 2 waiting.',
  )
})

test('a live connection says nothing', () => {
  expect(linkWords({ state: 'live', since: 0, attempt: 0 }, 5, 0, language)).toBeUndefined()
})
