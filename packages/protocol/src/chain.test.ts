import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { makeLog, nodeSha256, recordedLogs, TEXTS } from '../../../test/kit/logs.ts'
import { canonicalJson, chainHash, EMPTY_TIP, findChainFault, portableSha256, seal } from './chain.ts'
import { type Draft, type Event, event } from './events.ts'

// A law may take longer than a test usually does when the machine is busy.
vi.setConfig({ testTimeout: 60_000 })

const anyLog = fc
  .record({ seed: fc.nat(), length: fc.integer({ min: 1, max: 60 }) })
  .map(({ seed, length }) => makeLog(seed, length))
/** A log and the index of one of its events. */
const logAndPlace = anyLog.chain((log) =>
  fc.record({ log: fc.constant(log), place: fc.integer({ min: 0, max: log.length - 1 }) }),
)

const first = event.parse({
  seq: 1,
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  type: 'message',
  author: '01890a5d-ac96-774b-bcce-b302099a8058',
  at: 1760000000000,
  hash: '5EqUBPYzx0qpJaDsJjnIng',
  text: 'Grüße 👋 "quoted"',
  writtenAt: 1759999999000,
})

describe('the format is final once shipped [L7]', () => {
  test('a known event has a known hash, computed here from the words of the specification', () => {
    const sha = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest()
    const payload = '{"text":"Grüße 👋 \\"quoted\\"","writtenAt":1759999999000}'
    const envelope =
      '{"at":1760000000000,"author":"01890a5d-ac96-774b-bcce-b302099a8058",' +
      '"id":"01890a5d-ac96-774b-bcce-b302099a8057","seq":1,"type":"message"}'
    const expected = sha(`\n${envelope}\n${sha(payload).toString('hex')}`)
      .subarray(0, 16)
      .toString('base64url')
    expect(expected).toBe(first.hash)
    expect(chainHash('', first)).toBe(first.hash)
  })

  const envelope = { seq: 2, id: first.author, author: first.author, at: 1760000000001 }
  test.each([
    [{ ...envelope, type: 'reaction', to: first.id, emoji: '👍🏽', on: true }, 'hH1YYjVXQZ81BgR-U4iGgQ'],
    [
      { ...envelope, type: 'member', user: first.author, role: null, cause: 'left' },
      'xkBzDb-See3FubOuta7S6A',
    ],
    [
      { ...envelope, type: 'meta', title: 'Ünïcode', archived: false, kind: 'group' },
      'EYwCy6-pGapniNL_e5A6nQ',
    ],
  ])('another after it: %o', (source, hash) => {
    expect(chainHash(first.hash, source as unknown as Event)).toBe(hash)
  })

  test('the recorded logs are chained as they were recorded', () => {
    for (const events of Object.values(recordedLogs())) {
      expect(findChainFault(EMPTY_TIP, events, nodeSha256)).toBeUndefined()
      expect(findChainFault(EMPTY_TIP, events, portableSha256)).toBeUndefined()
    }
  })
})

describe('a changed log is noticed, and the first wrong event named [L7]', () => {
  test('a whole log, and any stretch of it after its tip, is in order', () => {
    fc.assert(
      fc.property(logAndPlace, ({ log, place }) => {
        expect(findChainFault(EMPTY_TIP, log)).toBeUndefined()
        expect(findChainFault(log[place] as Event, log.slice(place + 1))).toBeUndefined()
      }),
    )
  })

  test('any field of any event changed, added or taken away', () => {
    fc.assert(
      fc.property(logAndPlace, fc.nat(), ({ log, place }, which) => {
        const original = log[place] as Event
        const tampered = forgeries(original)
        const forged = tampered[which % tampered.length] as Event
        const fault = findChainFault(EMPTY_TIP, log.with(place, forged))
        if (forged.seq !== original.seq)
          expect(fault).toEqual({ fault: 'gap', expected: original.seq, found: forged.seq })
        else if (forged.at < original.at) expect(fault).toMatchObject({ seq: original.seq })
        else expect(fault).toEqual({ fault: 'hash', seq: original.seq })
      }),
      { numRuns: 300 },
    )
  })

  test('an event missing', () => {
    fc.assert(
      fc.property(logAndPlace, ({ log, place }) => {
        const fault = findChainFault(EMPTY_TIP, log.toSpliced(place, 1))
        if (place === log.length - 1) expect(fault).toBeUndefined() // A shorter log is whole; its tip is not the tip.
        else expect(fault).toEqual({ fault: 'gap', expected: place + 1, found: place + 2 })
      }),
    )
  })

  test('an event missing and the later ones renumbered', () => {
    fc.assert(
      fc.property(logAndPlace, ({ log, place }) => {
        fc.pre(place < log.length - 1)
        const renumbered = log.toSpliced(place, 1).map((each, i) => ({ ...each, seq: i + 1 }))
        expect(findChainFault(EMPTY_TIP, renumbered)).toEqual({ fault: 'hash', seq: place + 1 })
      }),
    )
  })

  test('two events in the other order', () => {
    fc.assert(
      fc.property(logAndPlace, fc.nat(), ({ log, place }, other) => {
        const there = other % log.length
        fc.pre(there !== place)
        const [i, j] = [Math.min(place, there), Math.max(place, there)]
        const swapped = log.with(i, log[j] as Event).with(j, log[i] as Event)
        expect(findChainFault(EMPTY_TIP, swapped)).toEqual({ fault: 'gap', expected: i + 1, found: j + 1 })
      }),
    )
  })

  test('a stretch of another log put in its place', () => {
    fc.assert(
      fc.property(logAndPlace, fc.nat(), ({ log, place }, seed) => {
        const other = makeLog(seed, log.length)
        fc.pre(other[0]?.hash !== log[0]?.hash)
        const fault = findChainFault(EMPTY_TIP, [...other.slice(0, place), ...log.slice(place)])
        if (place === 0) expect(fault).toBeUndefined()
        else expect(fault).toMatchObject({ seq: place + 1 })
      }),
    )
  })

  test('time that falls [L5]', () => {
    const log = makeLog(4, 10)
    const [ninth, tenth] = log.slice(8) as [Event, Event]
    const early = { ...tenth, at: ninth.at - 1 }
    const rehashed = { ...early, hash: chainHash(ninth.hash, early) }
    expect(findChainFault(ninth, [rehashed])).toEqual({ fault: 'time', seq: 10 })
  })
})

test('an event that went through jsonb and back has the hash it had: keys in another order, unicode escaped', () => {
  fc.assert(
    fc.property(anyLog, (log) => {
      const back = log.map((each) => {
        // jsonb keeps keys by length, then bytes.
        const keys = Object.keys(each).toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1))
        const text = JSON.stringify(each, keys.concat(attachmentKeys))
        return event.parse(JSON.parse(escapeUnicode(text)))
      })
      expect(findChainFault(EMPTY_TIP, back)).toBeUndefined()
    }),
  )
})
const attachmentKeys = ['id', 'name', 'bytes', 'width', 'height', 'mediaType']
const escapeUnicode = (json: string): string =>
  json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

describe('sealing drafts after a tip', () => {
  const draftsOf = (log: readonly Event[]): Draft[] =>
    log.map(({ seq: _s, at: _a, hash: _h, ...draft }) => draft)

  test('numbers without a gap [L1], never lets time fall [L5], and chains [L7], whatever the clock says', () => {
    fc.assert(
      fc.property(anyLog, fc.array(fc.nat(), { minLength: 60, maxLength: 60 }), (log, clock) => {
        const drafts = draftsOf(log)
        const sealed: Event[] = []
        for (const [i, draft] of drafts.entries())
          sealed.push(...seal(sealed.at(-1) ?? EMPTY_TIP, [draft], clock[i % clock.length] as number))
        expect(sealed.map(({ seq }) => seq)).toEqual(drafts.map((_, i) => i + 1))
        expect(findChainFault(EMPTY_TIP, sealed)).toBeUndefined()
        for (const [i, { at }] of sealed.entries()) expect(at).toBe(Math.max(...clock.slice(0, i + 1)))
      }),
      { numRuns: 50 },
    )
  })

  test('is the same in one call as in several at the same time', () => {
    fc.assert(
      fc.property(logAndPlace, ({ log, place }) => {
        const drafts = draftsOf(log)
        const start = seal(EMPTY_TIP, drafts.slice(0, place), 5000)
        const rest = seal(start.at(-1) ?? EMPTY_TIP, drafts.slice(place), 5000)
        expect([...start, ...rest]).toEqual(seal(EMPTY_TIP, drafts, 5000))
      }),
    )
  })

  test('keeps what the draft says and does not touch it', () => {
    const [draft] = draftsOf(makeLog(8, 1)) as [Draft]
    const frozen = Object.freeze({ ...draft })
    expect(seal(EMPTY_TIP, [frozen], 1)[0]).toMatchObject(draft)
    expect(seal(EMPTY_TIP, [], 1)).toEqual([])
  })
})

test('the portable SHA-256 and Node’s agree on every text', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...TEXTS)), (text) => {
      expect(portableSha256.hex(text)).toBe(nodeSha256.hex(text))
      expect(Buffer.from(portableSha256.bytes(text))).toEqual(nodeSha256.bytes(text))
    }),
  )
})

test('canonical JSON: one text for one value (RFC 8785), and what is no JSON value is refused', () => {
  expect(
    canonicalJson({ b: 1, a: [true, null, '€'], '\ud83d\ude00': -0, '\ufb33': 1e21, u: undefined }),
  ).toBe('{"a":[true,null,"€"],"b":1,"\ud83d\ude00":0,"\ufb33":1e+21}')
  for (const value of [undefined, Number.NaN, Infinity, '\ud800', { a: '\udc00' }, () => 1])
    expect(() => canonicalJson(value)).toThrow()
})

/** The event with one thing about it changed, once for each thing. */
function forgeries(original: Event): Event[] {
  const changed = Object.entries(original).map(([key, value]) => ({ ...original, [key]: otherThan(value) }))
  const without = Object.keys(original)
    .filter((key) => key !== 'seq' && key !== 'at')
    .map((key) => Object.fromEntries(Object.entries(original).filter(([other]) => other !== key)))
  return [...changed, ...without, { ...original, extra: 1 }, { ...original, hash: '' }] as unknown as Event[]
}

function otherThan(value: unknown): unknown {
  if (typeof value === 'string') return `${value}x`
  if (typeof value === 'number') return value + 1
  if (typeof value === 'boolean') return !value
  if (Array.isArray(value)) return value.slice(1)
  return 'not null'
}
