import {
  type Attachment,
  type ConversationId,
  type Draft,
  EMPTY_TIP,
  type Event,
  type Millis,
  newId,
  parseSearchQuery,
  seal,
  type UserId,
  wantsOf,
} from '@parley/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { IndexQuery, Key, SearchIndex } from '../search/index-port.ts'
import { ana, ben, conversation, logOf, otherConversation, reacts, says } from './logs.ts'

const file: Attachment = { id: newId(), name: 'Größen.pdf', mediaType: 'application/pdf', bytes: 1 }

/** A log of one event a millisecond. */
export const logAt = (start: Millis, drafts: readonly Draft[]): readonly Event[] => {
  let tip: Parameters<typeof seal>[0] = EMPTY_TIP
  return drafts.flatMap((draft, index) => {
    const sealed = seal(tip, [draft], start + index)
    tip = sealed.at(-1) ?? tip
    return sealed
  })
}
const query = (typed: string, more: Partial<IndexQuery> = {}): IndexQuery => ({
  wants: wantsOf(parseSearchQuery(typed)),
  authors: undefined,
  conversations: undefined,
  hasFile: false,
  before: undefined,
  after: undefined,
  ...more,
})

/** What every search index promises. `reopen` closes it and opens the same again, as after a restart. */
export function describeSearchIndex(
  name: string,
  open: () => Promise<SearchIndex>,
  reopen?: (index: SearchIndex) => Promise<SearchIndex>,
) {
  describe(`the search index on ${name}`, () => {
    let index: SearchIndex
    beforeEach(async () => {
      index = await open()
      await index.wipe()
    })
    afterEach(() => index.close())

    const add = (conversation: ConversationId, events: readonly Event[]) =>
      index.add([{ conversation, events }])
    const found = async (
      typed: string,
      more: Partial<IndexQuery> = {},
    ): Promise<readonly (readonly [ConversationId, number])[]> =>
      (await index.newest(query(typed, more), undefined, 100)).matches.map(
        ({ conversation, seq }) => [conversation, seq] as const,
      )
    const seqs = async (typed: string, more: Partial<IndexQuery> = {}): Promise<readonly number[]> =>
      (await found(typed, more)).map(([, seq]) => seq)

    test('[R5] words, beginnings, phrases and signs are found, whatever their accents and case; newest first', async () => {
      const texts = [
        'Café at the corner',
        'the meeting is moved',
        'meet me at the café',
        '我们明天开会议吧',
        'corner café',
        'strasse or Straße',
      ]
      await add(
        conversation,
        logAt(
          1000,
          texts.map((text) => says(ana, text)),
        ),
      )
      expect(await seqs('cafe')).toEqual([5, 3, 1])
      expect(await seqs('CAFÉ corner')).toEqual([5, 1])
      expect(await seqs('"corner café"')).toEqual([5])
      expect(await seqs('meet')).toEqual([3, 2])
      expect(await seqs('"meet"')).toEqual([3])
      expect(await seqs('me')).toEqual([3])
      expect(await seqs('会议')).toEqual([4])
      expect(await seqs('明天')).toEqual([4])
      expect(await seqs('议会')).toEqual([])
      expect(await seqs('straße')).toEqual([6])
      expect(await seqs('the -meeting')).toEqual([3, 1])
      expect(await seqs('-the')).toEqual([6, 5, 4])
      expect(await seqs('nothing like this')).toEqual([])
    })

    test('whole words, and words in order, are told of, as far as the index can', async () => {
      const texts = ['lunch plan', 'plan for lunches', 'plan lunch', 'lunch']
      await add(
        conversation,
        logAt(
          1000,
          texts.map((text) => says(ana, text)),
        ),
      )
      const fits = async (typed: string) =>
        (await index.newest(query(typed), undefined, 100)).matches.map(({ seq, at, isWhole, isInOrder }) => [
          seq,
          at,
          isWhole,
          isInOrder,
        ])
      expect(await fits('plan lunch')).toEqual([
        [3, 1002, true, undefined],
        [2, 1001, false, undefined],
        [1, 1000, true, undefined],
      ])
      expect(await fits('plan "lunch"')).toEqual([
        [3, 1002, true, true],
        [1, 1000, true, false],
      ])
      expect(await fits('lun')).toEqual([4, 3, 2, 1].map((seq) => [seq, 999 + seq, false, false]))
    })

    test('by author, conversation, file and time; alone and with words', async () => {
      await add(
        conversation,
        logAt(1000, [
          says(ana, 'green apples'),
          says(ben, 'red apples', { attachments: [file] }),
          says(ana, 'pears'),
        ]),
      )
      await add(otherConversation, logAt(5000, [says(ben, 'apples again')]))
      expect(await found('apples')).toEqual([
        [otherConversation, 1],
        [conversation, 2],
        [conversation, 1],
      ])
      expect(await seqs('apples', { authors: [ana] })).toEqual([1])
      expect(await found('', { authors: [ben] })).toEqual([
        [otherConversation, 1],
        [conversation, 2],
      ])
      expect(await found('apples', { conversations: [otherConversation] })).toEqual([[otherConversation, 1]])
      expect(await seqs('', { conversations: [conversation], authors: [ana, ben] })).toEqual([3, 2, 1])
      expect(await seqs('', { hasFile: true })).toEqual([2])
      expect(await seqs('grossen')).toEqual([2])
      expect(await seqs('"apples grossen"')).toEqual([])
      expect(await seqs('apples', { before: 1001 })).toEqual([1])
      expect(await found('apples', { after: 1001 })).toEqual([
        [otherConversation, 1],
        [conversation, 2],
      ])
      const nobody = '00000000-0000-7000-8000-00000000000f' as UserId
      expect(await found('apples', { authors: [nobody] })).toEqual([])
      expect(await found('apples', { conversations: [] })).toEqual([])
    })

    test('what is held is known, grows together in any order, and repeats change nothing', async () => {
      const log = logOf(6)
      await add(conversation, log.slice(3))
      await add(conversation, log.slice(0, 2))
      const hash = (seq: number) => log[seq - 1]?.hash
      expect(await index.holdings()).toEqual(
        new Map([
          [
            conversation,
            [
              { from: 1, to: 2, hash: hash(2) },
              { from: 4, to: 6, hash: hash(6) },
            ],
          ],
        ]),
      )
      await add(conversation, log)
      await add(conversation, log)
      expect(await index.holdings()).toEqual(new Map([[conversation, [{ from: 1, to: 6, hash: hash(6) }]]]))
      expect(await seqs('message')).toEqual([6, 5, 4, 3, 2, 1])
    })

    test('many messages of one moment are all found, each once', async () => {
      const drafts = Array.from({ length: 50 }, (_, number) => says(ana, `at once ${number}`))
      const log = seal(EMPTY_TIP, drafts, 1000)
      // As they are indexed: the newest first.
      for (const from of [30, 10, 0]) await add(conversation, log.slice(from))
      await add(otherConversation, seal(EMPTY_TIP, drafts, 1001))
      expect(await found('once')).toHaveLength(100)
      expect(await seqs('once', { conversations: [conversation] })).toEqual(
        drafts.map((_, seq) => drafts.length - seq),
      )
    })

    test('below a place come the older ones', async () => {
      await add(
        conversation,
        logAt(
          1000,
          Array.from({ length: 30 }, () => says(ana, 'again and again')),
        ),
      )
      const pages: number[][] = []
      let below: Key | undefined
      for (;;) {
        const { matches, hasMore } = await index.newest(query('again'), below, 12)
        pages.push(matches.map(({ seq }) => seq))
        below = matches.at(-1)
        if (!hasMore) break
      }
      expect(pages.map(({ length }) => length)).toEqual([12, 12, 6])
      expect(pages.flat()).toEqual(Array.from({ length: 30 }, (_, index) => 30 - index))
    })

    test('events of several conversations are added together', async () => {
      await index.add([
        { conversation, events: logAt(3000, [says(ana, 'one'), says(ana, 'one again')]) },
        { conversation: otherConversation, events: logAt(1000, [says(ben, 'also one')]) },
      ])
      expect(await found('one')).toEqual([
        [conversation, 2],
        [conversation, 1],
        [otherConversation, 1],
      ])
      expect((await index.holdings()).size).toBe(2)
    })

    test('reactions and other events are held, and are not messages', async () => {
      const [message] = logOf(1)
      if (message === undefined) throw new Error('a log of one has one')
      await add(conversation, logAt(1000, [says(ana, 'well'), reacts(ben, message.id, '👍')]))
      expect((await index.holdings()).get(conversation)).toMatchObject([{ from: 1, to: 2 }])
      expect(await seqs('-nothing')).toEqual([1])
    })

    test('a forgotten conversation is not found any more, and can come again', async () => {
      await add(conversation, logOf(3))
      await add(otherConversation, logAt(9000, [says(ana, 'message elsewhere')]))
      await index.forget(conversation)
      expect(await found('message')).toEqual([[otherConversation, 1]])
      expect([...(await index.holdings()).keys()]).toEqual([otherConversation])
      await add(conversation, logAt(2000, [says(ben, 'another message')]))
      expect(await found('another')).toEqual([[conversation, 1]])
    })

    test('nothing is left of what was wiped', async () => {
      await add(conversation, logOf(3))
      await index.wipe()
      expect((await index.holdings()).size).toBe(0)
      expect(await found('message')).toEqual([])
    })

    if (reopen !== undefined) {
      test('[R5] all of it is still there after a restart', async () => {
        await add(conversation, logOf(3))
        index = await reopen(index)
        expect(index.isKept).toBe(true)
        expect((await index.holdings()).get(conversation)).toMatchObject([{ from: 1, to: 3 }])
        expect(await seqs('message')).toEqual([3, 2, 1])
      })
    }
  })
}
