import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { canonicalJson } from './chain.ts'
import {
  type Command,
  command,
  conversationCommand,
  friendCommand,
  isConversationCommand,
} from './commands.ts'
import { directConversationId, newId, type UserId } from './ids.ts'

// A law may take longer than a test usually does when the machine is busy.
vi.setConfig({ testTimeout: 60_000 })

const id = fc.uuid({ version: 7 })
const text = fc.string({ unit: 'grapheme' })
const title = text.filter((t) => !/[\u0000-\u001f\u007f\u2028\u2029]/.test(t))
const base = { id, createdAt: fc.maxSafeNat() }
const role = fc.constantFrom('owner', 'admin', 'member')
const optional = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(values, { nil: undefined })
const ids = fc.uniqueArray(id, { maxLength: 4 })

const shapes = {
  'message.send': {
    conversation: id,
    text,
    replyTo: optional(id),
    mentions: optional(fc.uniqueArray(fc.oneof(id, fc.constant('everyone')))),
    attachments: optional(ids),
  },
  'reaction.set': { conversation: id, to: id, emoji: fc.constantFrom('👍', '🏳️‍🌈', ':x:'), on: fc.boolean() },
  'conversation.create': {
    conversation: id,
    kind: fc.constantFrom('group', 'channel'),
    title: optional(title),
    topic: optional(text),
    members: optional(ids),
  },
  'conversation.update': {
    conversation: id,
    title: optional(title),
    topic: optional(text),
    avatar: optional(title),
    archived: optional(fc.boolean()),
    posting: optional(fc.constantFrom('members', 'admins')),
    inviting: optional(fc.constantFrom('members', 'admins')),
  },
  'conversation.delete': { conversation: id },
  'member.add': { conversation: id, user: id, role: optional(role) },
  'member.remove': { conversation: id, user: id },
  'member.role': { conversation: id, user: id, role },
  'friend.request': { user: id },
  'friend.answer': { request: id, accept: fc.boolean() },
  'friend.remove': { user: id },
  'user.block': { user: id },
  'user.unblock': { user: id },
} satisfies { [T in Command['type']]: Record<string, fc.Arbitrary<unknown>> }

const payloads: Record<string, Record<string, fc.Arbitrary<unknown>>> = shapes

/** Valid commands of every type, without the keys that are undefined, as JSON would have them. */
const valid: fc.Arbitrary<Record<string, unknown>> = fc
  .oneof(
    ...Object.entries(payloads).map(([type, payload]) =>
      fc.record<Record<string, unknown>>({ ...base, type: fc.constant(type), ...payload }),
    ),
  )
  .map((entries) => Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)))

describe('the outbox is written by any program of its owner, so anything may stand in it', () => {
  test('no value makes parsing throw', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withMap: true, withTypedArray: true, withNullPrototype: true }),
        (value) => {
          expect(command.safeParse(value).success).toBe(false)
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('no value in a known shape makes parsing throw', () => {
    fc.assert(
      fc.property(valid, fc.nat(), fc.anything(), (entry, which, value) => {
        const keys = Object.keys(entry)
        const broken = { ...entry, [keys[which % keys.length] as string]: value }
        expect(typeof command.safeParse(broken).success).toBe('boolean')
      }),
      { numRuns: 2000 },
    )
  })

  test('a value nested a hundred thousand deep is refused like any other', () => {
    let deep: unknown = 'x'
    for (let i = 0; i < 100_000; i++) deep = i % 2 === 0 ? [deep] : { type: 'message.send', text: deep }
    expect(command.safeParse(deep).success).toBe(false)
    expect(command.safeParse({ id: newId(), type: 'message.send', createdAt: 1, text: deep }).success).toBe(
      false,
    )
  })

  test('a key that pollutes prototypes is refused', () => {
    const entry = JSON.parse(
      `{"id":"${newId()}","type":"user.block","createdAt":1,"user":"${newId()}","__proto__":{"x":1}}`,
    ) as unknown
    expect(command.safeParse(entry).success).toBe(false)
  })
})

describe('a valid command', () => {
  test('of each type is understood, and is the same after a way through JSON', () => {
    fc.assert(
      fc.property(valid, (entry) => {
        const parsed = command.parse(entry)
        expect(parsed).toEqual(entry)
        expect(command.parse(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed)
        expect(canonicalJson(parsed)).toBe(canonicalJson(entry))
      }),
      { numRuns: 500 },
    )
  })

  test('with a field nobody knows is refused: it might mean something to whoever wrote it', () => {
    fc.assert(
      fc.property(valid, fc.string(), fc.jsonValue(), (entry, key, value) => {
        fc.pre(!Object.values(shapes).some((shape) => key in shape) && !(key in entry))
        expect(command.safeParse({ ...entry, ['x' + key]: value }).success).toBe(false)
      }),
    )
  })

  test('without any one of its required fields is refused', () => {
    fc.assert(
      fc.property(valid, fc.nat(), (entry, which) => {
        const required = Object.keys(entry).filter(
          (key) => !isOptional(entry['type'] as Command['type'], key),
        )
        const missing = required[which % required.length] as string
        const { [missing]: _gone, ...rest } = entry
        expect(command.safeParse(rest).success).toBe(false)
      }),
    )
  })

  test('is decided against one conversation, or between two people: each type is one of the two', () => {
    const types = (schema: typeof conversationCommand | typeof friendCommand): string[] =>
      schema.options.map((option) => option.shape.type.value)
    expect([...types(conversationCommand), ...types(friendCommand)].toSorted()).toEqual(
      Object.keys(shapes).toSorted(),
    )
    fc.assert(
      fc.property(valid, (entry) => {
        expect(isConversationCommand(command.parse(entry))).toBe('conversation' in entry)
      }),
    )
  })
})

const isOptional = (type: Command['type'], key: string): boolean =>
  [
    'replyTo',
    'mentions',
    'attachments',
    'title',
    'topic',
    'members',
    'avatar',
    'archived',
    'posting',
    'inviting',
  ].includes(key) ||
  (key === 'role' && type === 'member.add')

describe('what no store would keep, or no person could mean, is refused', () => {
  const send = { id: newId(), type: 'message.send', createdAt: 1, conversation: newId(), text: 'x' }
  const [me, you] = [newId<UserId>(), newId<UserId>()]
  const create = {
    id: newId(),
    type: 'conversation.create',
    createdAt: 1,
    conversation: newId(),
    kind: 'group',
  }
  test.each([
    ['U+0000 in a text', send, { text: 'a\0b' }],
    ['half a surrogate pair', send, { text: 'a\ud800' }],
    ['a time before 1970', send, { createdAt: -1 }],
    ['a time in fractions', send, { createdAt: 1.5 }],
    ['a time beyond exact integers', send, { createdAt: 2 ** 53 }],
    ['the same mention twice', send, { mentions: [me, me] }],
    ['a mention that is no id', send, { mentions: ['@ana'] }],
    ['an id in capitals', send, { conversation: newId().toUpperCase() }],
    ['a title of two lines', create, { title: 'a\nb' }],
    ['the same member twice', create, { members: [me, me] }],
    ['a kind nobody knows', create, { kind: 'broadcast' }],
    [
      'a group with the id of two people’s direct conversation',
      create,
      { conversation: directConversationId(me, you) },
    ],
    ['a direct conversation with an id of its own', create, { kind: 'direct' }],
  ])('%s', (_what, entry, change) => {
    expect(command.safeParse(entry).success).toBe(true)
    expect(command.safeParse({ ...entry, ...change }).success).toBe(false)
  })

  test('a direct conversation has the id derived from the pair', () => {
    const direct = { ...create, kind: 'direct', conversation: directConversationId(me, you), members: [you] }
    expect(command.safeParse(direct).success).toBe(true)
  })
})
