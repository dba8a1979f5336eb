import { type ConversationId, type Event, type EventId, type Seq, type UserId } from '@parley/protocol'
import type { Account } from './account.ts'
import type { Api } from './api.ts'
import type { Archive } from './archive.ts'
import { toSendAgain } from './divergence.ts'
import type { Losses } from './losses.ts'
import type { Outbox } from './outbox.ts'
import type { Wish } from './wish.ts'

/** What the device received and what the server shows, from the first event on in which they differ. */
export interface Contested {
  readonly conversation: ConversationId
  readonly from: Seq
  readonly device: readonly Event[]
  readonly server: readonly Event[]
}

type LossMethods = Pick<Account, 'losses' | 'sendAgain' | 'dismissLoss' | 'contested'>

interface LossOptions {
  readonly me: UserId
  readonly archive: Archive
  readonly losses: Losses
  readonly outbox: Outbox
  readonly api: Pick<Api, 'events'>
  readonly wish: (wish: Wish) => Promise<boolean>
}

const LIMIT = 1000

/** What a person can do about what the server has lost. */
export function lossMethods({ me, archive, losses, outbox, api, wish }: LossOptions): LossMethods {
  const referredTo = (event: Event): readonly EventId[] => {
    if (event.type === 'reaction') return [event.id, event.to]
    return event.type === 'message' && event.replyTo !== undefined ? [event.id, event.replyTo] : [event.id]
  }
  return {
    losses: losses.all,
    sendAgain: async (conversation) => {
      const lost = losses.all.get().find((each) => each.conversation === conversation)?.missing ?? []
      const there = new Set<EventId>()
      for (const id of new Set(lost.flatMap(referredTo)))
        if ((await archive.eventById(conversation, id)) !== undefined) there.add(id)
      return await outbox.giveAgain(toSendAgain(lost, { me, conversation, isThere: (id) => there.has(id) }))
    },
    dismissLoss: async (conversation) => {
      await wish({ wish: 'dismiss-loss', conversation })
    },
    contested: async (conversation) => {
      const fault = archive.fault(conversation)
      const from = fault === undefined || fault.fault === 'gap' ? 1 : fault.seq
      const query = { after: from - 1, limit: LIMIT }
      const answer = await api.events(conversation, query)
      if (!answer.ok) return answer
      const device = await archive.read(conversation, { ...query, from: 'oldest' })
      return { ok: true, value: { conversation, from, device, server: answer.value } }
    },
  }
}
