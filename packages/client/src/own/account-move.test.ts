import {
  accountRoots,
  type Command,
  type CommandId,
  newId,
  type Rejection,
  type Seen,
} from '@parley/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { carryOver } from './account-move.ts'
import { conversation, otherConversation } from '../testing/logs.ts'

const says = (text: string): Command => ({
  id: newId<CommandId>(),
  type: 'message.send',
  createdAt: 1,
  conversation,
  text,
})
const refusal = (command: Command): Rejection => ({ code: 'archived', message: 'no', at: 1, command })
const seenOf = (doc: Y.Doc): Seen => Y.decodeStateVector(Y.encodeStateVector(doc))
const known = (seen: Seen) => ({ seen, isKnown: true })
const contentOf = (doc: Y.Doc) => {
  const { outbox, rejections, reads, drafts, prefs } = accountRoots(doc)
  return {
    outbox: outbox.toJSON() as Command[],
    rejections: rejections.toJSON(),
    reads: reads.toJSON(),
    drafts: drafts.toJSON(),
    prefs: prefs.toJSON(),
  }
}
const EMPTY = contentOf(new Y.Doc())

test('what the server has seen stays behind, and what it has not goes along', () => {
  const [from, to] = [new Y.Doc(), new Y.Doc()]
  const old = accountRoots(from)
  const [taken, refused] = [says('taken since'), says('refused and dismissed since')]
  old.outbox.push([taken, refused])
  old.drafts.set(otherConversation, 'cleared since')
  old.reads.set(otherConversation, 7)
  old.prefs.set('theme', 'dark')
  const seen = seenOf(from)
  carryOver(from, to, known(seen))
  expect(contentOf(to)).toEqual(EMPTY)
  const [one, two] = [says('one'), says('two')]
  old.outbox.push([one, two])
  old.drafts.set(conversation, 'half a thought')
  old.reads.set(conversation, 9)
  old.prefs.set('density', 'compact')
  carryOver(from, to, known(seen))
  const carried = {
    ...EMPTY,
    outbox: [one, two],
    drafts: { [conversation]: 'half a thought' },
    reads: { [conversation]: 9 },
    prefs: { density: 'compact' },
  }
  expect(contentOf(to)).toEqual(carried)
  carryOver(from, to, known(seen))
  expect(contentOf(to)).toEqual(carried)
})

test('[R1] positions are joined by maximum, and a draft emptied here is empty there', () => {
  const [from, to] = [new Y.Doc(), new Y.Doc()]
  accountRoots(from).reads.set(conversation, 3)
  accountRoots(from).reads.set(otherConversation, 8)
  accountRoots(from).drafts.set(conversation, '')
  accountRoots(to).reads.set(conversation, 5)
  accountRoots(to).reads.set(otherConversation, 5)
  accountRoots(to).drafts.set(conversation, 'sent meanwhile')
  carryOver(from, to, known(new Map()))
  expect(contentOf(to)).toMatchObject({
    reads: { [conversation]: 5, [otherConversation]: 8 },
    drafts: { [conversation]: '' },
  })
})

test('[C1] a text that is being sent is no draft any more', () => {
  const [from, to] = [new Y.Doc(), new Y.Doc()]
  const command = says('Hello')
  accountRoots(from).outbox.push([command])
  accountRoots(to).drafts.set(conversation, 'Hello ')
  accountRoots(to).drafts.set(otherConversation, 'Hello ')
  carryOver(from, to, known(new Map()))
  expect(contentOf(to)).toMatchObject({ outbox: [command], drafts: { [otherConversation]: 'Hello ' } })
})

test('[C3] a refusal stays until the person has seen it, and one that was given again here waits again', () => {
  const [from, to] = [new Y.Doc(), new Y.Doc()]
  const [stays, again, forgotten] = [says('stays'), says('again'), says('only this device has heard of it')]
  for (const each of [stays, again]) accountRoots(to).rejections.set(each.id, refusal(each))
  accountRoots(from).outbox.push([again])
  accountRoots(from).rejections.set(forgotten.id, refusal(forgotten))
  accountRoots(from).rejections.set(stays.id, refusal(stays))
  carryOver(from, to, known(new Map()))
  expect(contentOf(to)).toMatchObject({
    outbox: [again],
    rejections: { [stays.id]: refusal(stays), [forgotten.id]: refusal(forgotten) },
  })
  expect(accountRoots(to).rejections.has(again.id)).toBe(false)
})

test('of a generation that nothing is known of, drafts and preferences may be old: they stay behind', () => {
  const [from, to] = [new Y.Doc(), new Y.Doc()]
  const command = says('waits')
  accountRoots(from).outbox.push([command])
  accountRoots(from).reads.set(conversation, 4)
  accountRoots(from).drafts.set(conversation, 'of old')
  accountRoots(from).prefs.set('theme', 'dark')
  carryOver(from, to, { seen: new Map(), isKnown: false })
  expect(contentOf(to)).toEqual({ ...EMPTY, outbox: [command], reads: { [conversation]: 4 } })
})

test('[C1] [C2] whatever the server has seen, in whatever steps: each command arrives once, in its order', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 20 }),
      fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 5 }),
      fc.boolean(),
      (seenCount, steps, isTaken) => {
        const [from, to] = [new Y.Doc(), new Y.Doc()]
        const given = Array.from({ length: 20 }, (_, n) => says(`${n}`))
        accountRoots(from).outbox.push(given.slice(0, seenCount))
        const seen = seenOf(from)
        accountRoots(to).outbox.push(isTaken ? [] : given.slice(0, seenCount))
        let done = seenCount
        for (const step of [...steps, 20]) {
          const until = Math.max(done, step)
          accountRoots(from).outbox.push(given.slice(done, until))
          done = until
          carryOver(from, to, known(seen))
        }
        expect(contentOf(to).outbox).toEqual(isTaken ? given.slice(seenCount) : given)
      },
    ),
  )
})
