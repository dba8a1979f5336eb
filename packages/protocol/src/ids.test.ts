import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accountDocument, conversationDocument, parseDocumentName } from './document-names.ts'
import {
  commandId,
  type CommandId,
  conversationId,
  type ConversationId,
  derivedEventId,
  directConversationId,
  eventId,
  isDerivedId,
  newId,
  userId,
  type UserId,
} from './ids.ts'

const uuid = fc.uuid()

test('a new id is a UUIDv7, accepted everywhere, and sorts after the one before', () => {
  const ids = Array.from({ length: 1000 }, () => newId<UserId>())
  for (const id of ids) expect(userId.parse(id).charAt(14)).toBe('7')
  expect(ids.toSorted()).toEqual(ids)
  expect(new Set(ids).size).toBe(1000)
})

test.each([
  ['another spelling', '01890A5D-AC96-774B-BCCE-B302099A8057'],
  ['spaces', ' 01890a5d-ac96-774b-bcce-b302099a8057'],
  ['a new line', '01890a5d-ac96-774b-bcce-b302099a8057\n'],
  ['no hyphens', '01890a5dac96774bbcceb302099a8057'],
  ['nil', '00000000-0000-0000-0000-000000000000'],
  ['max', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  ['braces', '{01890a5d-ac96-774b-bcce-b302099a8057}'],
  ['a number', 7],
  ['nothing', undefined],
])('one id has one spelling: %s is refused', (_what, value) => {
  expect(userId.safeParse(value).success).toBe(false)
})

test('the conversation of two people has the same id from both sides, and from no other pair', () => {
  fc.assert(
    fc.property(uuid, uuid, uuid, (a, b, c) => {
      const direct = (x: string, y: string): ConversationId => directConversationId(x as UserId, y as UserId)
      expect(direct(a, b)).toBe(direct(b, a))
      expect(conversationId.parse(direct(a, b))).toBe(direct(a, b))
      if (c !== b) expect(direct(a, c)).not.toBe(direct(a, b))
    }),
  )
})

test('the events of one command have ids of their own, the first the command’s', () => {
  fc.assert(
    fc.property(uuid, fc.uniqueArray(fc.nat(2000), { minLength: 2 }), (id, places) => {
      const ids = places.map((n) => derivedEventId(id as CommandId, n))
      expect(new Set(ids).size).toBe(places.length)
      for (const each of ids) expect(eventId.safeParse(each).success).toBe(true)
      expect(derivedEventId(id as CommandId, 0)).toBe(id)
    }),
  )
})

test('nobody can give a command the id that another command’s events are going to have', () => {
  const command = newId<CommandId>()
  expect(commandId.safeParse(command).success).toBe(true)
  expect(isDerivedId(derivedEventId(command, 1))).toBe(true)
  expect(commandId.safeParse(derivedEventId(command, 1)).success).toBe(false)
})

test('a document name means what it was made from, and any other text means nothing', () => {
  fc.assert(
    fc.property(uuid, (id) => {
      fc.pre(userId.safeParse(id).success)
      expect(parseDocumentName(accountDocument(id as UserId))).toEqual({ kind: 'account', user: id })
      expect(parseDocumentName(conversationDocument(id as ConversationId))).toEqual({
        kind: 'conversation',
        conversation: id,
      })
      for (const name of [
        id,
        `account${id}`,
        `account/${id}/`,
        `/account/${id}`,
        `account/${id.toUpperCase()}x`,
        `Account/${id}`,
      ])
        expect(parseDocumentName(name)).toBeUndefined()
    }),
  )
  fc.assert(
    fc.property(fc.string(), (name) => {
      expect(parseDocumentName(name)).toBeUndefined()
    }),
  )
})
