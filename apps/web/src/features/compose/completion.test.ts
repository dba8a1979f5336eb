import type { UserId } from '@parley/protocol'
import { expect, test } from 'vitest'
import { askedAt, type Candidate, complete, offer } from './completion.ts'

const person = (handle: string, name: string): Candidate => ({ mention: handle as UserId, handle, name })
const everyone: Candidate = { mention: 'everyone', handle: 'everyone', name: 'Everyone' }
const people = [
  person('zoe', 'Zoë Maximiliana'),
  person('ben.k', 'Ben Kowalski'),
  person('noa', 'נועה לוי'),
  person('max', 'Max Benedict'),
  everyone,
]
const offered = (query: string) => offer(people, query).map(({ handle }) => handle)

test('a word that begins with an @ and ends at the caret asks for people', () => {
  expect(askedAt('hi @be', 6)).toEqual({ from: 3, query: 'be' })
  expect(askedAt('@', 1)).toEqual({ from: 0, query: '' })
  expect(askedAt('(@ben.k', 7)).toEqual({ from: 1, query: 'ben.k' })
  expect(askedAt('@נו', 3)).toEqual({ from: 0, query: 'נו' })
})

test('addresses, other words and a caret inside of a word do not', () => {
  expect(askedAt('mail@ben', 8)).toBeUndefined()
  expect(askedAt('@ben ', 5)).toBeUndefined()
  expect(askedAt('@@ben', 5)).toBeUndefined()
  expect(askedAt('@benjamin', 4)).toBeUndefined()
  expect(askedAt('@ben', 0)).toBeUndefined()
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
  expect(offer(many, 'us')).toHaveLength(6)
})

test('choosing writes the handle and one space, and leaves what follows', () => {
  const asked = { from: 3, query: 'be' }
  expect(complete('hi @be', asked, 'ben.k')).toEqual({ text: 'hi @ben.k ', caret: 10 })
  expect(complete('hi @be and all', asked, 'ben.k')).toEqual({ text: 'hi @ben.k and all', caret: 10 })
})
