import type { ConversationId } from '@parley/protocol'
import { expect, test } from 'vitest'
import { neighbour } from './neighbour.ts'

const id = (name: string) => name as ConversationId
const view = (name: string, unread = 0, archived = false) => ({ id: id(name), unread, archived })
const list = [view('a'), view('b', 2), view('c', 1, true), view('d'), view('e', 3)]

test('next and previous stop at the ends, and pass over what is archived', () => {
  expect(neighbour(list, id('a'), 1, false)).toBe('b')
  expect(neighbour(list, id('b'), 1, false)).toBe('d')
  expect(neighbour(list, id('e'), 1, false)).toBeUndefined()
  expect(neighbour(list, id('a'), -1, false)).toBeUndefined()
})

test('with nothing open they begin at the ends', () => {
  expect(neighbour(list, undefined, 1, false)).toBe('a')
  expect(neighbour(list, undefined, -1, false)).toBe('e')
})

test('the next with something unread is found all the way round', () => {
  expect(neighbour(list, id('b'), 1, true)).toBe('e')
  expect(neighbour(list, id('e'), 1, true)).toBe('b')
  expect(neighbour(list, id('b'), -1, true)).toBe('e')
  expect(neighbour(list, undefined, -1, true)).toBe('e')
  expect(neighbour([view('a'), view('b', 1)], id('b'), 1, true)).toBeUndefined()
  expect(neighbour([], undefined, 1, true)).toBeUndefined()
})
