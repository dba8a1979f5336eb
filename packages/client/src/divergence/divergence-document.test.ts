import {
  applyEvents,
  conversationRoots,
  type Draft,
  EMPTY_TIP,
  type Event,
  newId,
  seal,
} from '@parley/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { continues, tailOf } from './divergence-document.ts'
import { ana, ben, says } from '../testing/logs.ts'

const draft = fc.constantFrom('message', 'member', 'meta').map((type) => (index: number): Draft => {
  if (type === 'message') return says(ana, `message ${index}`)
  if (type === 'meta') return { id: newId(), type: 'meta', author: ana, title: `title ${index}` }
  const role = index % 3 === 0 ? null : 'member'
  return { id: newId(), type: 'member', author: ana, user: index % 2 === 0 ? ana : ben, role, cause: 'added' }
})
/** Few at a time, or so many that the window moves on. */
const drafts = fc.oneof(
  fc.array(draft, { maxLength: 12 }),
  fc.array(draft, { minLength: 100, maxLength: 300, size: 'max' }),
)
const made = (from: readonly ((index: number) => Draft)[]): Draft[] => from.map((each, index) => each(index))
const documentOf = (log: readonly Event[]): Y.Doc => {
  const doc = new Y.Doc()
  applyEvents(doc, log)
  return doc
}
const shown = (doc: Y.Doc): string => {
  const { events, members, meta } = conversationRoots(doc)
  return JSON.stringify([events.toJSON(), members.toJSON(), meta.toJSON()])
}

/** What the device's document becomes with the server's, and whether it may be believed. */
function attach(device: Y.Doc, server: Y.Doc): { isChanged: boolean; isBelieved: boolean } {
  const before = shown(device)
  const tail = tailOf(device)
  let isBelieved = true
  device.on('update', (_update, _origin, _doc, { changed }: Y.Transaction) => {
    isBelieved &&= continues(tail, device, changed)
  })
  Y.applyUpdate(device, Y.encodeStateAsUpdate(server, Y.encodeStateVector(device)))
  return { isChanged: shown(device) !== before, isBelieved }
}

test('[L2][L7] a document that a restored server has written otherwise is never believed once it shows anything of it', () => {
  fc.assert(
    fc.property(drafts, drafts, drafts, (common, mine, theirs) => {
      const start = seal(EMPTY_TIP, made(common), 1000)
      const tip = start.at(-1) ?? EMPTY_TIP
      fc.pre(start.length > 0 && mine.length > 0)
      const device = documentOf([...start, ...seal(tip, made(mine), 2000)])
      const server = documentOf([...start, ...seal(tip, made(theirs), 9000)])
      const { isChanged, isBelieved } = attach(device, server)
      if (isChanged) expect(isBelieved).toBe(false)
    }),
    { numRuns: 60 },
  )
})

test('[L8] a document that its own log goes on with is believed, unless so much came that nothing joins them', () => {
  fc.assert(
    fc.property(drafts, drafts, (first, then) => {
      const start = seal(EMPTY_TIP, made(first), 1000)
      const rest = seal(start.at(-1) ?? EMPTY_TIP, made(then), 2000)
      const device = documentOf(start)
      const server = documentOf([...start, ...rest])
      const { isChanged, isBelieved } = attach(device, server)
      const oldest = conversationRoots(server).events.get(0)?.seq ?? 1
      expect(isChanged).toBe(rest.length > 0)
      if (start.length === 0 || oldest <= start.length) expect(isBelieved).toBe(true)
    }),
    { numRuns: 40 },
  )
})
