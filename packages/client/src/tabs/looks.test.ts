import type { ConversationId, PresenceSaid } from '@parley/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Card, joinCards, openLooks } from './looks.ts'
import { conversation, otherConversation } from '../testing/logs.ts'

const said: fc.Arbitrary<PresenceSaid> = fc.record(
  { typing: fc.boolean(), active: fc.boolean() },
  { requiredKeys: [] },
)
const card: fc.Arbitrary<Card> = fc
  .dictionary(fc.constantFrom(conversation, otherConversation), said)
  .map((each) => ({ ...each }))

test('what tabs say of one person joins in any order, any number of times', () => {
  fc.assert(
    fc.property(fc.array(card), fc.infiniteStream(fc.nat()), (cards, keys) => {
      const shuffled = [...cards, ...cards]
        .map((each) => [keys.next().value, each] as const)
        .toSorted(([a], [b]) => a - b)
        .map(([, each]) => each)
      expect(joinCards(shuffled)).toEqual(joinCards(cards))
      expect(joinCards([joinCards(cards)])).toEqual(joinCards(cards))
    }),
  )
})

test('a person types where any tab types, and is where any tab shows them', () => {
  const id = (name: string) => name as ConversationId
  expect(
    joinCards([
      { [id('a')]: { typing: true }, [id('b')]: {} },
      { [id('a')]: { active: true }, [id('c')]: { typing: false } },
    ]),
  ).toEqual({
    a: { typing: true, active: true },
    b: { typing: false, active: false },
    c: { typing: false, active: false },
  })
})

test('a conversation is shown from the first opening to the last closing, and nothing is said twice', () => {
  let changes = 0
  const looks = openLooks(() => (changes += 1))
  const [first, second] = [looks.open(conversation), looks.open(conversation)]
  looks.say(conversation, { typing: true, active: true })
  looks.say(conversation, { typing: true, active: true })
  expect([changes, looks.card()]).toEqual([3, { [conversation]: { typing: true, active: true } }])
  looks.say(conversation, null)
  first()
  first()
  expect(looks.card()).toEqual({ [conversation]: {} })
  second()
  expect([changes, looks.card()]).toEqual([6, {}])
})
