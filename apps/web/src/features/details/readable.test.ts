import type { Event, UserId } from '@parley/protocol'
import { expect, test } from 'vitest'
import { languageFor } from '../../i18n/language.tsx'
import { readableEvents, readableHead } from './readable.ts'

const { t, formats } = languageFor(['en-GB'])
const names = new Map([['a', 'Ana'] as const, ['b', 'Ben'] as const] as unknown as [UserId, string][])
const now = new Date(2026, 10, 21, 12).getTime()
const options = { t, formats, now, nameOf: (user: UserId) => names.get(user) ?? '?' }

const said = (seq: number, at: number, rest: object): Event =>
  ({ seq, id: `e${seq}`, at, hash: '', ...rest }) as Event
const message = (seq: number, at: number, author: string, text: string, ...files: readonly string[]): Event =>
  said(seq, at, {
    type: 'message',
    author,
    text,
    ...(files.length > 0 && { attachments: files.map((name) => ({ name, bytes: 2000 })) }),
  })

const [monday, tuesday] = [new Date(2026, 10, 16, 9, 5).getTime(), new Date(2026, 10, 17, 18, 30).getTime()]

test('messages stand below their days, with who said them and when, and their files by name and size', () => {
  const text = readableEvents(
    [
      message(1, monday, 'a', 'Good *morning*'),
      message(2, monday, 'b', '', 'map.png'),
      message(3, tuesday, 'a', 'two\nlines'),
    ],
    undefined,
    options,
  )
  expect(text).toBe(
    [
      '',
      '## Monday 16 November',
      '',
      '**Ana, 09:05**\n\nGood *morning*',
      '',
      '**Ben, 09:05**\n\n- File: map.png (2 kB)',
      '',
      '## Tuesday 17 November',
      '',
      '**Ana, 18:30**\n\ntwo\nlines',
      '',
    ].join('\n'),
  )
})

test('a part that goes on on the same day has no second heading for it', () => {
  const [first, second] = [message(1, monday, 'a', 'one'), message(2, monday + 1, 'a', 'two')]
  const whole = readableEvents([first, second], undefined, options)
  expect(readableEvents([first], undefined, options) + readableEvents([second], first, options)).toBe(whole)
})

test('what happened to the group is told as the timeline tells it, and reactions are left out', () => {
  const events = [
    said(1, monday, { type: 'member', author: 'a', user: 'b', role: 'member', cause: 'added' }),
    said(2, monday, { type: 'reaction', author: 'a', to: 'e1', emoji: '👍', on: true }),
  ]
  expect(readableEvents(events, undefined, options)).toBe('\n## Monday 16 November\n\n_Ana added Ben_\n')
})

test('its head says when it was made, and when it is not all of it', () => {
  const head = readableHead('Hike', { topic: 'Where we go' }, false, options)
  expect(head).toContain('# Hike\n\nWhere we go\n')
  expect(head).toContain('not on this device')
  expect(readableHead('Hike', { topic: '' }, true, options)).not.toContain('not on this device')
})
