import type { UserId } from '@parley/protocol'
import { expect, test } from 'vitest'
import { askedAt, type Candidate, completion, inOrderOfSpeaking, nameAt, offerPeople } from './completion.ts'

const person = (handle: string, name: string): Candidate => ({ mention: handle as UserId, handle, name })
const everyone: Candidate = { mention: 'everyone', handle: 'everyone', name: 'Everyone' }
const people = [
  person('zoe', 'Zoë Maximiliana'),
  person('ben.k', 'Ben Kowalski'),
  person('noa', 'נועה לוי'),
  person('max', 'Max Benedict'),
  everyone,
]
const offered = (query: string) => offerPeople(people, query).map(({ handle }) => handle)
const asked = (text: string, caret = text.length) => askedAt(text, caret)

test('a word that begins with an @ and ends at the caret asks for people', () => {
  expect(asked('hi @be')).toEqual({ for: 'people', from: 3, query: 'be' })
  expect(asked('@')).toEqual({ for: 'people', from: 0, query: '' })
  expect(asked('(@ben.k')).toEqual({ for: 'people', from: 1, query: 'ben.k' })
  expect(asked('@נו')).toEqual({ for: 'people', from: 0, query: 'נו' })
})

test('addresses, other words and a caret inside of a word do not', () => {
  expect(asked('mail@ben')).toBeUndefined()
  expect(asked('@ben ')).toBeUndefined()
  expect(asked('@@ben')).toBeUndefined()
  expect(asked('@benjamin', 4)).toBeUndefined()
  expect(asked('@ben', 0)).toBeUndefined()
})

test('a colon and two letters ask for emoji', () => {
  expect(asked('nice :sm')).toEqual({ for: 'emoji', from: 5, query: 'sm' })
  expect(asked(':+1')).toEqual({ for: 'emoji', from: 0, query: '+1' })
  expect(asked(':kä')).toEqual({ for: 'emoji', from: 0, query: 'kä' })
})

test('times, addresses, smileys and code do not', () => {
  for (const text of [':', ':D', ':)', '10:30', 'at 10:3', 'https://a', 'a::std', '`x :sm', '```\n:sm'])
    expect(asked(text)).toBeUndefined()
  expect(asked('`code` :sm')).toEqual({ for: 'emoji', from: 7, query: 'sm' })
})

test('a whole name between colons is one, and a time is not', () => {
  expect(nameAt('so :smile:', 10)).toEqual({ from: 3, to: 10, name: 'smile' })
  expect(nameAt(':+1:', 4)).toEqual({ from: 0, to: 4, name: '+1' })
  for (const text of ['10:30:', ':30:', ': :', 'a:b:', '`:smile:'])
    expect(nameAt(text, text.length)).toBeUndefined()
})

test('handles come before names, and any word of a name counts', () => {
  expect(offered('ben')).toEqual(['ben.k', 'max'])
  expect(offered('max')).toEqual(['max', 'zoe'])
})

test('accents and capitals make no difference', () => {
  expect(offered('ZOE')).toEqual(['zoe'])
  expect(offered('לו')).toEqual(['noa'])
})

test('nobody is offered for a word that fits nobody, and no more than six for one that fits many', () => {
  expect(offered('q')).toEqual([])
  const many = Array.from({ length: 20 }, (_, i) => person(`user${i}`, 'User'))
  expect(offerPeople(many, 'us')).toHaveLength(6)
})

test('whoever spoke last comes first, and the others by name', () => {
  const authors = ['max', 'ben.k', 'max', 'zoe', 'ben.k'] as UserId[]
  expect(inOrderOfSpeaking(people, authors).map(({ handle }) => handle)).toEqual([
    'ben.k',
    'zoe',
    'max',
    'everyone',
    'noa',
  ])
})

test('choosing writes the handle and one space, and leaves what follows', () => {
  const word = { for: 'people', from: 3, query: 'be' } as const
  expect(completion('hi @be', word, '@ben.k', true)).toEqual({ from: 3, to: 6, text: '@ben.k ' })
  expect(completion('hi @be and', word, '@ben.k', true)).toEqual({ from: 3, to: 7, text: '@ben.k ' })
  expect(completion('hi :be', { ...word, for: 'emoji' }, '🐝', false)).toEqual({ from: 3, to: 6, text: '🐝' })
})
