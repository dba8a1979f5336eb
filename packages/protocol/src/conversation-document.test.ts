import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { makeLog, recordedLogs } from '../../../test/kit/logs.ts'
import { random } from '../../../test/kit/random.ts'
import { findChainFault, EMPTY_TIP } from './chain.ts'
import { foldConversation } from './conversation.ts'
import {
  applyEvents,
  conversationRoots,
  lastSeqOf,
  LOG_CLIENT_ID,
  LogGapError,
  WINDOW_STEP,
} from './conversation-document.ts'
import type { Event, Kind } from './events.ts'

// Some of the laws replay tens of thousands of events, which a busy machine takes its time for.
vi.setConfig({ testTimeout: 60_000 })

const bytesOf = (doc: Y.Doc): string => Buffer.from(Y.encodeStateAsUpdate(doc)).toString('base64')
const digestOf = (doc: Y.Doc): string => createHash('sha256').update(Y.encodeStateAsUpdate(doc)).digest('hex')

function replay(log: readonly Event[]): Y.Doc {
  const doc = new Y.Doc()
  applyEvents(doc, log)
  return doc
}

/** What a node has that starts from a stored snapshot. */
function loaded(snapshot: Y.Doc): Y.Doc {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(snapshot))
  return doc
}

const anyLog = fc
  .record({
    seed: fc.nat(),
    length: fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: 0, max: 40 }) },
      { weight: 2, arbitrary: fc.integer({ min: 120, max: 420 }) },
    ),
    kind: fc.constantFrom<Kind>('group', 'channel', 'direct'),
  })
  .map(({ seed, length, kind }) => makeLog(seed, length, kind))

/** A log and places in it, in any order. */
const logWithPlaces = (count: number): fc.Arbitrary<{ log: Event[]; places: number[] }> =>
  anyLog.chain((log) =>
    fc.record({
      log: fc.constant(log),
      places: fc.array(fc.integer({ min: 0, max: log.length }), { minLength: count, maxLength: count }),
    }),
  )

const runs = { numRuns: 30 }

describe('a recorded log gives the same bytes for ever [L8]', () => {
  // These hashes stand for documents that people already have. If one changes, every node that
  // runs the new code and every one that runs the old disagree: put the function back. A new need
  // is a new root or a new type of event, which only pushes.
  const golden: Record<Kind, Record<number, string>> = {
    group: {
      0: '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      1: '5ea68dee6cfabb287c52e86423b369f44daf13545f8e4a716659684f78a8ba4a',
      3: '2a60b6f436cdce0493be83e15098f1124c6f990f8c66b64d4a8c8d5687603426',
      127: '01a41d9e22fec12232573d1f1bd26ce7f3e0e3710308344890de7c6274c8b3cb',
      128: '0860e5072f4dd1a71835bfd66ebd5530901c050b891957c47a26672ca5e8ec36',
      129: '143507629536fbc0477e6d7bd0df8a1c63ebadf9d4f72b4c368b2c2cd10b4b1f',
      255: '944960c222462fe06bfab5ae44c3f695b19d3f04c0cee0a56753005215088acb',
      256: 'df056a6bf5362937f1df40bbab5184ddfb344aeb503e95645f7366d9255792d0',
      257: 'c96247af647c76613fc9050c1b19003f55f666d27cb136566d0013f6ec2f8c20',
      383: '2309c4987f6f15c21e3be5179e3f4c34450af5ddc4671288d788d2d3440c9c89',
      384: '144f468ac3064d626113f06318b589925e587645f6620ca1199ac47fc9283d53',
      385: 'a32768befde0b7cd48036fb1477a165e0514c9c851e118389f7c3d141452cc0d',
      512: '46c8f6776893df51c21e01d3002927596943d691e2ac99f184536797bab86238',
      1024: '7bb4513b751ae7af1414230a03b691c6e0013d50a2a23465a1818f34e2263789',
      1100: '4b59e61768e1ed7a3ffed059da147206955083d7a1cf05e55b9b03c9cd004f07',
    },
    channel: {
      3: 'a2f6b68731e5189fab4e297f060b22a1ffb3b155dd834fa2f307b6d246867cc6',
      255: 'cc50f148ce720830337bf0fccbdd262d878c878542335f6e22c8746185d64f3e',
      256: '2143933f520d335e10f19eaba4b77032c0ba239146c60c1350399f5f831e00d9',
      400: '654abe34f2879d81ec00f9c069820c16f01a466239f7016e39bab16b8d279f03',
    },
    direct: {
      2: '903d4e41dfabb5dcbffccc4ed6632658fdb0cb166e6b9b03cacfb4861a003f68',
      60: 'ce0b1ff98826e249b3dab37b3a4a473bda776b1e2492a97942dfd8606925635f',
    },
  }
  const logs = recordedLogs()

  test('the recorded logs hold every type of event, and are whole', () => {
    expect(logs.group.length + logs.channel.length + logs.direct.length).toBeGreaterThanOrEqual(1000)
    for (const log of Object.values(logs)) expect(findChainFault(EMPTY_TIP, log)).toBeUndefined()
    expect(new Set(logs.group.map(({ type }) => type))).toEqual(
      new Set(['message', 'reaction', 'member', 'meta']),
    )
  })

  for (const kind of ['group', 'channel', 'direct'] as const) {
    test(kind, () => {
      const seen = Object.keys(golden[kind]).map((seq) => [
        seq,
        digestOf(replay(logs[kind].slice(0, Number(seq)))),
      ])
      expect(Object.fromEntries(seen)).toEqual(golden[kind])
    })
  }
})

describe('a conversation document is a pure function of its log [L8]', () => {
  test('however the log is cut into calls', () => {
    fc.assert(
      fc.property(logWithPlaces(6), ({ log, places }) => {
        const doc = new Y.Doc()
        for (const place of places.toSorted((a, b) => a - b))
          applyEvents(doc, log.slice(lastSeqOf(doc), place))
        applyEvents(doc, log.slice(lastSeqOf(doc)))
        expect(bytesOf(doc)).toBe(bytesOf(replay(log)))
      }),
      runs,
    )
  })

  test('one event a call or all in one', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        const doc = new Y.Doc()
        for (const each of log) applyEvents(doc, [each])
        expect(bytesOf(doc)).toBe(bytesOf(replay(log)))
      }),
      runs,
    )
  })

  test('from whatever snapshots it was continued', () => {
    fc.assert(
      fc.property(logWithPlaces(3), ({ log, places }) => {
        let doc = new Y.Doc()
        for (const place of places.toSorted((a, b) => a - b)) {
          applyEvents(doc, log.slice(0, place))
          doc = loaded(doc)
        }
        applyEvents(doc, log)
        expect(bytesOf(doc)).toBe(bytesOf(replay(log)))
      }),
      runs,
    )
  })

  test('an event given again changes nothing, in the same call or a later one', () => {
    fc.assert(
      fc.property(logWithPlaces(2), ({ log, places: [a = 0, b = 0] }) => {
        const doc = new Y.Doc()
        applyEvents(doc, [...log.slice(0, a), ...log.slice(0, a)])
        const before = bytesOf(doc)
        applyEvents(doc, log.slice(Math.min(a, b), a))
        expect(bytesOf(doc)).toBe(before)
        applyEvents(doc, log.slice(Math.min(a, b)))
        expect(bytesOf(doc)).toBe(bytesOf(replay(log)))
      }),
      runs,
    )
  })

  test('in whatever order an event has its keys', () => {
    fc.assert(
      fc.property(anyLog, fc.nat(), (log, seed) => {
        const rng = random(seed)
        expect(bytesOf(replay(log.map((each) => withKeysShuffled(each, rng.below))))).toBe(
          bytesOf(replay(log)),
        )
      }),
      runs,
    )
  })

  test('on two nodes that applied overlapping stretches from one snapshot and told each other', () => {
    fc.assert(
      fc.property(logWithPlaces(4), ({ log, places: [x = 0, y = 0, z = 0, overlap = 0] }) => {
        const [start, ...ends] = [x, y, z].toSorted((p, q) => p - q) as [number, number, number]
        const snapshot = replay(log.slice(0, start))
        const nodes = ends.map((end) => {
          const node = loaded(snapshot)
          applyEvents(node, log.slice(Math.min(overlap, start), end))
          return node
        }) as [Y.Doc, Y.Doc]
        const updates = nodes.map((node, i) =>
          Y.encodeStateAsUpdate(node, Y.encodeStateVector(nodes[1 - i] as Y.Doc)),
        )
        nodes.forEach((node, i) => Y.applyUpdate(node, updates[1 - i] as Uint8Array))
        for (const node of nodes) {
          expect(bytesOf(node)).toBe(bytesOf(replay(log.slice(0, ends[1]))))
          applyEvents(node, log)
          expect(bytesOf(node)).toBe(bytesOf(replay(log)))
        }
      }),
      runs,
    )
  })

  test('a device that is sent the updates holds what the node holds', () => {
    fc.assert(
      fc.property(logWithPlaces(4), ({ log, places }) => {
        const [node, device] = [new Y.Doc(), new Y.Doc()]
        node.on('update', (update: Uint8Array) => Y.applyUpdate(device, update))
        for (const place of [...places.toSorted((a, b) => a - b), log.length])
          applyEvents(node, log.slice(0, place))
        for (const root of ['events', 'members', 'meta'] as const)
          expect(conversationRoots(device)[root].toJSON()).toEqual(conversationRoots(node)[root].toJSON())
      }),
      runs,
    )
  })
})

describe('what the document holds', () => {
  test('its last events in order: all below 128, and from then on 128 to 255 of them [L9]', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        const doc = new Y.Doc()
        for (const [i, each] of log.entries()) {
          applyEvents(doc, [each])
          const held = conversationRoots(doc).events.length
          if (i + 1 < WINDOW_STEP) expect(held).toBe(i + 1)
          else expect(held >= WINDOW_STEP && held < 2 * WINDOW_STEP).toBe(true)
        }
        const held = conversationRoots(doc).events.toArray()
        expect(held).toEqual(log.slice(log.length - held.length))
      }),
      { numRuns: 15 },
    )
  })

  test('the members and meta that the log has made, save the members of a channel', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        const { members, meta } = conversationRoots(replay(log))
        const conversation = foldConversation(log)
        expect(members.toJSON()).toEqual(
          conversation.kind === 'channel' ? {} : Object.fromEntries(conversation.members),
        )
        for (const [key, value] of meta) expect(conversation).toMatchObject({ [key]: value })
      }),
      runs,
    )
  })

  test('one entry in its state vector, however long the log [L9]', () => {
    const vector = Y.decodeStateVector(Y.encodeStateVector(replay(makeLog(7, 900))))
    expect([...vector.keys()]).toEqual([LOG_CLIENT_ID])
  })

  test('no more bytes after 4,000 messages than after 400 [L9]', () => {
    const log = makeLog(11, 4000, 'direct')
    const size = (seq: number): number => Y.encodeStateAsUpdate(replay(log.slice(0, seq))).length
    expect(size(3968)).toBeLessThan(1.3 * size(384))
  })
})

describe('what it refuses', () => {
  test('[L1] a gap is refused and nothing of the call is applied', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 }), (held, missing) => {
        const log = makeLog(5, 50)
        const doc = replay(log.slice(0, held))
        const before = bytesOf(doc)
        const next = log.slice(held).toSpliced(missing, 1)
        expect(() => applyEvents(doc, next)).toThrow(
          expect.objectContaining({
            name: 'LogGapError',
            expected: held + missing + 1,
            found: held + missing + 2,
          }),
        )
        expect(bytesOf(doc)).toBe(before)
      }),
    )
    expect(new LogGapError(3, 5).message).toContain('expects event 3')
  })

  test('an event that cannot be encoded changes nothing of the document', () => {
    const log = makeLog(5, 20)
    const doc = replay(log.slice(0, 10))
    const before = bytesOf(doc)
    const broken = { ...(log[12] as Event), text: 'half a pair \ud800' } as Event
    expect(() => applyEvents(doc, log.slice(10).with(2, broken))).toThrow(/surrogate/i)
    expect(bytesOf(doc)).toBe(before)
  })
})

test('the document keeps its own client id, also when an observer throws', () => {
  const doc = new Y.Doc()
  const own = doc.clientID
  const log = makeLog(5, 20)
  applyEvents(doc, log.slice(0, 10))
  expect(doc.clientID).toBe(own)
  doc.on('update', () => {
    throw new Error('observer')
  })
  expect(() => applyEvents(doc, log)).toThrow('observer')
  expect(doc.clientID).toBe(own)
  expect(() => applyEvents(doc, makeLog(5, 30).slice(25))).toThrow(LogGapError)
  expect(doc.clientID).toBe(own)
})

test('a call is one transaction with the given origin, and none when there is nothing new', () => {
  const doc = new Y.Doc()
  const origins: unknown[] = []
  doc.on('update', (_: Uint8Array, origin: unknown) => origins.push(origin))
  const log = makeLog(6, 300)
  applyEvents(doc, log, 'the log')
  applyEvents(doc, log, 'again')
  expect(origins).toEqual(['the log'])
})

function withKeysShuffled<T>(value: T, below: (n: number) => number): T {
  if (Array.isArray(value)) return value.map((item: unknown) => withKeysShuffled(item, below)) as T
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(
    ([key, item]: [string, unknown]) => [key, withKeysShuffled(item, below)] as const,
  )
  for (let i = entries.length - 1; i > 0; i--) {
    const j = below(i + 1)
    ;[entries[i], entries[j]] = [entries[j]!, entries[i]!]
  }
  return Object.fromEntries(entries) as T
}
