import fc from 'fast-check'
import { expect, test } from 'vitest'
import { viewConversation } from './conversation-view.ts'
import type { StoredConversation } from './store.ts'
import { ana, ben, conversation, logOf } from './testing/logs.ts'

const [tip] = logOf(20).slice(-1)
const summary: StoredConversation['summary'] = {
  id: conversation,
  kind: 'group',
  title: 'Trip',
  archived: false,
  lastSeq: 20,
  lastHash: tip?.hash ?? '',
  lastAt: 1,
  readSeq: 0,
  unread: 10,
  mentions: 4,
  role: 'member',
  memberCount: 2,
  members: [{ id: ben, username: 'ben', name: 'Ben' }],
}

test('[R2] what is unread is never more than lies behind the read position, nor mentions more than that, whatever was counted last', () => {
  const seq = fc.nat({ max: 25 })
  fc.assert(
    fc.property(seq, seq, seq, seq, fc.boolean(), (readSeq, after, unread, mentions, isCounted) => {
      const view = viewConversation({
        id: conversation,
        me: ana,
        stored: { summary, members: {}, left: false, reads: {} },
        tip,
        tally: isCounted ? { after, upTo: 20, unread, mentions } : undefined,
        readSeq,
        draft: '',
        commands: [],
        fault: undefined,
        nameOf: () => undefined,
        isFriend: () => undefined,
      })
      expect(view?.unread).toBeLessThanOrEqual(Math.max(0, 20 - readSeq))
      expect(view?.mentions).toBeLessThanOrEqual(view?.unread ?? 0)
    }),
  )
})
