import type { UserId } from '@parley/protocol'
import { expect, test } from 'vitest'
import { mentionsIn } from './mentions.ts'

const members = new Map([
  ['ana.s', 'ana' as UserId],
  ['ben', 'ben' as UserId],
])
const mentioned = (text: string, mayMentionEveryone = false) =>
  mentionsIn(text, (handle) => members.get(handle), mayMentionEveryone)

test('members are mentioned by their handle, once each', () => {
  expect(mentioned('@ben and @Ben, ask @ana.s!')).toEqual(['ben', 'ana'])
})

test('a full stop after a handle is not part of it', () => {
  expect(mentioned('Ask @ana.s. Thanks @ben...')).toEqual(['ana', 'ben'])
})

test('people who are not members and addresses are not mentioned', () => {
  expect(mentioned('@zoe mail@ben @benjamin')).toEqual([])
})

test('everyone is mentioned only where that is allowed', () => {
  expect(mentioned('@everyone')).toEqual([])
  expect(mentioned('@everyone', true)).toEqual(['everyone'])
})
