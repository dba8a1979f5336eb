import type { ConversationView } from '@parley/client'
import type { ConversationId } from '@parley/protocol'
import { expect, test } from 'vitest'
import { isLoud } from './loudness.ts'
import { shownOf } from './shown.ts'

const view = (id: string, unread = 0, mentions = 0, archived = false) =>
  ({ id, unread, mentions, archived }) as ConversationView
const all = [view('a', 2), view('b', 1, 1), view('c'), view('d', 3, 0, true)]
const names = (views: readonly ConversationView[]) => views.map(({ id }) => id)
const any = () => true

test('what is archived stands apart, also of what is unread', () => {
  const shown = shownOf(all, 'unread', any, undefined)
  expect(names(shown.current)).toEqual(['a', 'b'])
  expect(names(shown.archived)).toEqual(['d'])
})

test('the open conversation stays where it is when it has been read', () => {
  expect(names(shownOf(all, 'mentions', any, undefined).current)).toEqual(['b'])
  expect(names(shownOf(all, 'mentions', any, 'c' as ConversationId).current)).toEqual(['b', 'c'])
})

test('the filter looks among those that are kept', () => {
  expect(names(shownOf(all, 'unread', ({ id }) => id > 'a', undefined).current)).toEqual(['b'])
})

test('what is unread is loud only as far as the person wants to be told of it', () => {
  const [read, unread, mentioned] = [view('r'), view('u', 2), view('m', 2, 1)]
  expect([read, unread, mentioned].map((each) => isLoud(each, 'all'))).toEqual([false, true, true])
  expect([read, unread, mentioned].map((each) => isLoud(each, 'mentions'))).toEqual([false, false, true])
  expect([read, unread, mentioned].map((each) => isLoud(each, 'none'))).toEqual([false, false, false])
})
