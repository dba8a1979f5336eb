import {
  canonicalJson,
  derivedEventId,
  type Draft,
  type Event,
  type EventId,
  foldConversation,
  type Kind,
  payloadOf,
  seal,
  type UserId,
} from '@parley/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesOf, exportLines, inPieces, withFooter } from '../../../../test/kit/export-file.ts'
import { type LegalLog, makeLegalLog } from '../../../../test/kit/legal-log.ts'
import { nodeSha256, uuidOf } from '../../../../test/kit/logs.ts'
import { random } from '../../../../test/kit/random.ts'
import { ExportFault } from './fault.ts'
import { openExport } from './read-export.ts'

const KINDS: readonly Kind[] = ['group', 'channel', 'direct']

async function read(bytes: Uint8Array, pieces?: number) {
  const { header, state, events } = await openExport(inPieces(bytes, pieces))
  const given: Event[] = []
  for await (const event of events) given.push(event)
  return { header, state, given }
}

/** What is wrong with it; undefined when nothing is. */
async function faultOf(bytes: Uint8Array): Promise<ExportFault | undefined> {
  try {
    await read(bytes)
    return undefined
  } catch (error) {
    if (error instanceof ExportFault) return error
    throw error
  }
}

const logs = fc
  .record({ seed: fc.nat(), length: fc.integer({ min: 3, max: 60 }), kind: fc.constantFrom(...KINDS) })
  .map(({ seed, length, kind }) => makeLegalLog(seed, length, kind))

test('whatever a server has decided reads as it was said, however the bytes arrive', async () => {
  await fc.assert(
    fc.asyncProperty(logs, fc.integer({ min: 1, max: 500 }), async (log, pieces) => {
      const { given, state, header } = await read(bytesOf(exportLines(log)), pieces)
      expect(given).toEqual(log.events)
      expect(header.conversation.id).toBe(log.id)
      const { tip, kind, title, topic, avatar, archived, posting, inviting, members } = state
      expect({ tip, kind, title, topic, avatar, archived, posting, inviting, members }).toEqual(
        foldConversation(log.events),
      )
    }),
    { numRuns: 60 },
  )
})

test('[L7] one changed byte anywhere in the file is noticed', async () => {
  await fc.assert(
    fc.asyncProperty(logs, fc.nat(), fc.integer({ min: 1, max: 255 }), async (log, where, by) => {
      const bytes = bytesOf(exportLines(log))
      const place = where % bytes.length
      bytes[place] = ((bytes[place] as number) + by) % 256
      expect(await faultOf(bytes)).toBeInstanceOf(ExportFault)
    }),
    { numRuns: 200 },
  )
})

test('a file that is cut off anywhere is noticed, and where is said', async () => {
  await fc.assert(
    fc.asyncProperty(logs, fc.nat(), async (log, where) => {
      const bytes = bytesOf(exportLines(log))
      const cut = bytes.subarray(0, where % bytes.length)
      const fault = await faultOf(cut)
      const text = cut.toString('latin1')
      const begun = text.split('\n').length
      expect(fault).toMatchObject({ code: 'truncated', line: text.endsWith('\n') ? begun - 1 : begun })
    }),
    { numRuns: 100 },
  )
})

/** The files below end with a footer that fits: what is noticed then is noticed by the chain alone. */
const mangled = async (lines: readonly string[]) => faultOf(bytesOf(withFooter(lines)))

test('[L7] a missing, repeated or swapped line is noticed at its place, also if the footer was made to fit', async () => {
  await fc.assert(
    fc.asyncProperty(logs, fc.nat(), fc.nat(), async (log, one, other) => {
      const lines = exportLines(log).slice(0, -1)
      const [a, b] = [1 + (one % log.events.length), 1 + (other % log.events.length)]
      if (a < log.events.length) {
        expect(await mangled(lines.toSpliced(a, 1))).toMatchObject({ code: 'order', line: a + 1 })
      }
      expect(await mangled(lines.toSpliced(a, 0, lines[a] as string))).toMatchObject({
        code: 'order',
        line: a + 2,
      })
      if (a === b) return
      const swapped = lines.with(a, lines[b] as string).with(b, lines[a] as string)
      expect(await mangled(swapped)).toMatchObject({ code: 'order', line: Math.min(a, b) + 1 })
    }),
    { numRuns: 60 },
  )
})

test('[L7] whatever else an event is made to say is noticed at its line, also if the footer was made to fit', async () => {
  await fc.assert(
    fc.asyncProperty(logs, fc.nat(), fc.nat(), async (log, which, what) => {
      const lines = exportLines(log).slice(0, -1)
      const line = 1 + (which % log.events.length)
      const event = log.events[line - 1] as Event
      const other = uuidOf<UserId>(random(what))
      const changes: Partial<Record<string, unknown>>[] = [
        { author: other },
        { id: other },
        { at: event.at + 1 },
        event.type === 'message' ? { text: `${event.text}!` } : {},
        event.type === 'message' ? { writtenAt: event.writtenAt + 1 } : {},
        event.type === 'message' ? { mentions: [other] } : {},
        event.type === 'member' ? { user: other } : {},
        event.type === 'member' ? { role: event.role === 'admin' ? 'member' : 'admin' } : {},
        event.type === 'meta' ? { topic: 'another' } : {},
        event.type === 'reaction' ? { on: !event.on } : {},
      ]
      const fitting = changes.filter((change) => Object.keys(change).length > 0)
      const changed = { ...event, ...fitting[what % fitting.length] }
      expect(await mangled(lines.with(line, canonicalJson(changed)))).toMatchObject({
        code: 'chain',
        line: line + 1,
        seq: event.seq,
      })
    }),
    { numRuns: 100 },
  )
})

test('a name that was changed is noticed by the last line', async () => {
  const lines = exportLines(makeLegalLog(7, 10, 'group'))
  const fault = await faultOf(bytesOf(lines.with(0, (lines[0] as string).replace('Name of', 'Fame of'))))
  expect(fault).toMatchObject({ code: 'digest', line: 1 })
})

test('a last line that speaks of other events is noticed', async () => {
  const lines = exportLines(makeLegalLog(7, 10, 'group'))
  const footer = JSON.parse(lines.at(-1) as string) as object
  for (const change of [{ lastSeq: 3 }, { count: 99 }, { lastHash: 'x' }]) {
    const other = lines.with(lines.length - 1, canonicalJson({ ...footer, ...change }))
    expect(await faultOf(bytesOf(other))).toMatchObject({ code: 'truncated', line: lines.length })
  }
})

test('the same said with other bytes is another file', async () => {
  const lines = exportLines(makeLegalLog(7, 10, 'group')).slice(0, -1)
  const spaced = (lines[3] as string).replace('{', '{ ')
  expect(await mangled(lines.with(3, spaced))).toMatchObject({ code: 'line', line: 4 })
  const twice = (lines[3] as string).replace('{', '{"at":1,')
  expect(await mangled(lines.with(3, twice))).toMatchObject({ code: 'line', line: 4 })
  expect(
    await faultOf(Buffer.concat([bytesOf(exportLines(makeLegalLog(7, 10, 'group'))), Buffer.from('\n')])),
  ).toMatchObject({
    code: 'order',
  })
})

test.each([
  ['nothing', '', 'truncated'],
  ['another file', 'PK\u0003\u0004\n', 'format'],
  ['other JSON', '{"format":"something else","version":1}\n', 'format'],
  ['a newer version', '{"format":"parley-export","version":2,"voices":[]}\n', 'format'],
  ['no header', '{"format":"parley-export","version":1}\n', 'line'],
])('%s is not taken for an export', async (_what, text, code) => {
  expect(await faultOf(Buffer.from(text))).toMatchObject({ code, line: 1 })
})

/** A group of an owner, an admin and two members, with a message by the owner. */
function group(): {
  log: LegalLog
  owner: UserId
  admin: UserId
  ben: UserId
  cem: UserId
  stranger: UserId
} {
  const rng = random(1)
  const [owner, admin, ben, cem, stranger] = Array.from({ length: 5 }, () => uuidOf<UserId>(rng)) as [
    UserId,
    UserId,
    UserId,
    UserId,
    UserId,
  ]
  const create = id(rng)
  const drafts: Draft[] = [
    { id: create, type: 'meta', author: owner, kind: 'group', title: 'Group' },
    {
      id: derivedEventId(create, 1),
      type: 'member',
      author: owner,
      user: owner,
      role: 'owner',
      cause: 'created',
    },
    ...[admin, ben, cem].map((user, n): Draft => ({
      id: derivedEventId(create, n + 2),
      type: 'member',
      author: owner,
      user,
      role: 'member',
      cause: 'added',
    })),
    { id: id(rng), type: 'member', author: owner, user: admin, role: 'admin', cause: 'role' },
    { id: FIRST_MESSAGE, type: 'message', author: owner, text: 'hello', writtenAt: 1 },
  ]
  const log = {
    id: uuidOf<LegalLog['id']>(rng),
    people: [owner, admin, ben, cem],
    events: append([], drafts),
  }
  return { log, owner, admin, ben, cem, stranger }
}
const fresh = random(42)
const id = (rng = fresh): EventId => uuidOf<EventId>(rng)
const FIRST_MESSAGE = id(random(99))

/** Chained as a forger would: the hashes are right, and only the rules can tell. */
const append = (events: readonly Event[], drafts: readonly Draft[], now = 1_000): Event[] => {
  const last = events.at(-1)
  return [
    ...events,
    ...seal(last === undefined ? { seq: 0, hash: '', at: 0 } : last, drafts, now, nodeSha256),
  ]
}

type Group = ReturnType<typeof group>
const message = (author: UserId, more: object = {}): Draft => ({
  id: id(),
  type: 'message',
  author,
  text: 'x',
  writtenAt: 1,
  ...more,
})
const member = (
  author: UserId,
  user: UserId,
  role: 'owner' | 'admin' | 'member' | null,
  cause: 'added' | 'joined' | 'left' | 'removed' | 'role' | 'handover' | 'created',
): Draft => ({ id: id(), type: 'member', author, user, role, cause })
const meta = (author: UserId, more: object): Draft => ({ id: id(), type: 'meta', author, ...more })

const FORGERIES: readonly (readonly [string, (group: Group) => Draft[]])[] = [
  ['a stranger speaks', ({ stranger }) => [message(stranger)]],
  ['somebody speaks after leaving', ({ ben }) => [member(ben, ben, null, 'left'), message(ben)]],
  ['something is said twice under one id', ({ owner }) => [message(owner, { id: FIRST_MESSAGE })]],
  [
    'something is said in an archived conversation',
    ({ owner }) => [meta(owner, { archived: true }), message(owner)],
  ],
  ['a reply to nothing', ({ ben }) => [message(ben, { replyTo: id() })]],
  [
    'a reply to an event that is no message',
    ({ log, ben }) => [message(ben, { replyTo: log.events[0]?.id })],
  ],
  [
    'a reaction to nothing',
    ({ ben }) => [{ id: id(), type: 'reaction', author: ben, to: id(), emoji: '👍', on: true }],
  ],
  ['a stranger is mentioned', ({ ben, stranger }) => [message(ben, { mentions: [stranger] })]],
  ['a member makes themselves the owner', ({ ben }) => [member(ben, ben, 'owner', 'role')]],
  ['a member renames the group', ({ ben }) => [meta(ben, { title: 'Mine' })]],
  ['a member adds somebody', ({ ben, stranger }) => [member(ben, stranger, 'member', 'added')]],
  ['an admin removes the owner', ({ admin, owner }) => [member(admin, owner, null, 'removed')]],
  ['a stranger joins a group', ({ stranger }) => [member(stranger, stranger, 'member', 'joined')]],
  ['somebody is added twice', ({ owner, ben }) => [member(owner, ben, 'member', 'added')]],
  ['the role of a stranger changes', ({ owner, stranger }) => [member(owner, stranger, 'admin', 'role')]],
  ['somebody is removed by leaving', ({ owner, ben }) => [member(owner, ben, null, 'left')]],
  ['a removal that gives a role', ({ owner, ben }) => [member(owner, ben, 'member', 'removed')]],
  ['a hand-over while there is an owner', ({ owner, ben }) => [member(owner, ben, 'owner', 'handover')]],
  ['the kind changes', ({ owner }) => [meta(owner, { kind: 'channel' })]],
  ['somebody is "created" later', ({ owner, stranger }) => [member(owner, stranger, 'member', 'created')]],
  [
    'the last owner leaves and nobody takes over',
    ({ owner, ben }) => [member(owner, owner, null, 'left'), message(ben)],
  ],
  ['the last owner leaves at the end', ({ owner }) => [member(owner, owner, null, 'left')]],
  [
    'the wrong one takes over',
    ({ owner, ben }) => {
      const left = member(owner, owner, null, 'left')
      return [left, { ...member(owner, ben, 'owner', 'handover'), id: derivedEventId(left.id, 1) }]
    },
  ],
]

const named = (log: LegalLog, { stranger }: Group) => exportLines(log, undefined, [stranger])

test.each(FORGERIES)(
  'a chain that is right and could not have been said is noticed: %s',
  async (_what, forge) => {
    const parts = group()
    const { log } = parts
    expect(await faultOf(bytesOf(named(log, parts)))).toBeUndefined()
    const forged = { ...log, events: append(log.events, forge(parts)) }
    expect(await faultOf(bytesOf(named(forged, parts)))).toMatchObject({ code: 'illegal' })
  },
)

test('[L5] time that falls is noticed', async () => {
  const parts = group()
  const last = parts.log.events.at(-1) as Event
  const [early] = seal({ ...last, at: 0 }, [message(parts.owner)], 5, nodeSha256)
  const fault = await faultOf(
    bytesOf(named({ ...parts.log, events: [...parts.log.events, early as Event] }, parts)),
  )
  expect(fault).toMatchObject({ code: 'order', seq: last.seq + 1 })
})

test('the owner who leaves hands over, and the log is right', async () => {
  const parts = group()
  const left = member(parts.owner, parts.owner, null, 'left')
  const handover = {
    ...member(parts.owner, parts.admin, 'owner', 'handover'),
    id: derivedEventId(left.id, 1),
  }
  const events = append(parts.log.events, [left, handover, message(parts.admin)])
  expect(await faultOf(bytesOf(named({ ...parts.log, events }, parts)))).toBeUndefined()
})

test('the first line has to say how the conversation began, and name everybody', async () => {
  const log = makeLegalLog(3, 20, 'group')
  const lines = exportLines(log).slice(0, -1)
  const header = JSON.parse(lines[0] as string) as { conversation: object; users: object[] }
  const other = uuidOf<UserId>(random(5))
  for (const conversation of [{ createdBy: other }, { createdAt: 1 }, { kind: 'channel' }]) {
    const changed = { ...header, conversation: { ...header.conversation, ...conversation } }
    expect(await mangled(lines.with(0, canonicalJson(changed)))).toMatchObject({ code: 'digest', line: 2 })
  }
  const fewer = { ...header, users: header.users.slice(1) }
  expect(await mangled(lines.with(0, canonicalJson(fewer)))).toMatchObject({ code: 'digest' })
  const twice = { ...header, users: [header.users[0], ...header.users] }
  expect(await mangled(lines.with(0, canonicalJson(twice)))).toMatchObject({ code: 'order', line: 1 })
})

test('a direct conversation has the id of its two people', async () => {
  const log = makeLegalLog(3, 5, 'direct')
  const wrong = { ...log, id: makeLegalLog(4, 5, 'direct').id }
  expect(await faultOf(bytesOf(exportLines(wrong)))).toMatchObject({ code: 'illegal' })
  const asGroup = { ...log, id: makeLegalLog(4, 5, 'group').id }
  expect(await faultOf(bytesOf(exportLines(asGroup)))).toMatchObject({ code: 'illegal' })
  expect(payloadOf(log.events[0] as Event)).toMatchObject({ kind: 'direct' })
})
