import { expect, test } from 'vitest'
import { en } from './en/index.ts'
import { type Catalogue, translator } from './translate.ts'

const t = translator('en', en)

test('a text with gaps shows the values in them', () => {
  expect(t('message.by', { author: 'Ana', time: '09:10' })).toBe('Ana, 09:10')
})

test('a count chooses the words and is written as the language writes numbers', () => {
  expect(t('inbox.unread', { count: 1 })).toBe('1 unread message')
  expect(t('inbox.unread', { count: 12_340 })).toBe('12,340 unread messages')
})

test('a language with more plural categories than English uses its own', () => {
  const polish: Catalogue = {
    ...en,
    'conversation.members': {
      one: '{count} osoba',
      few: '{count} osoby',
      many: '{count} osób',
      other: '{count} osoby',
    },
  }
  const translate = translator('pl', polish)
  expect([1, 3, 5].map((count) => translate('conversation.members', { count }))).toEqual([
    '1 osoba',
    '3 osoby',
    '5 osób',
  ])
})

test('what the person does themselves is said in the form that the language has for it', () => {
  const german: Catalogue = {
    ...en,
    'common.you': 'Du',
    'event.added': { you: 'Du hast {user} hinzugefügt', other: '{author} hat {user} hinzugefügt' },
    'event.joined': { you: 'Du bist beigetreten', other: '{user} ist beigetreten' },
  }
  const translate = translator('de', german)
  expect(translate('event.added', { author: 'Du', user: 'Ben' })).toBe('Du hast Ben hinzugefügt')
  expect(translate('event.added', { author: 'Ana', user: 'Du' })).toBe('Ana hat Du hinzugefügt')
  expect(translate('event.joined', { user: 'Du' })).toBe('Du bist beigetreten')
  expect(translate('event.joined', { user: 'Ben' })).toBe('Ben ist beigetreten')
})

test('a name that runs from right to left is set apart from the sentence around it', () => {
  expect(t('event.added', { author: 'עומר', user: 'Ben' })).toBe('\u2068עומר\u2069 added Ben')
})

test('what a person wrote is never taken for a gap of the text', () => {
  expect(t('event.topic', { author: '{topic}', topic: 'hello {author}' })).toBe(
    '{topic} set the topic: hello {author}',
  )
})
