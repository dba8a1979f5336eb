import type { Command, ConversationId, Event, Seq, UserId } from '@parley/protocol'
import type { Account } from '../account.ts'
import type { Api } from '../connection/api.ts'
import type { Archive } from '../archive/archive.ts'
import { toSendAgain } from './divergence.ts'
import type { Loss, Losses } from './losses.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Wish } from '../tabs/wish.ts'

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

/** What of a loss this person can send again now; what refers to others' words waits until those have sent them. */
export function sendableOf({ conversation, missing }: Loss, me: UserId): readonly Command[] {
  const lost = new Set(missing.map(({ id }) => id))
  return toSendAgain(missing, { me, conversation, isThere: (id) => !lost.has(id) })
}

/** What a person can do about what the server has lost. */
export function lossMethods({ me, archive, losses, outbox, api, wish }: LossOptions): LossMethods {
  return {
    losses: losses.all,
    sendAgain: async (conversation) => {
      const loss = losses.all.get().find((each) => each.conversation === conversation)
      return await outbox.giveAgain(loss === undefined ? [] : sendableOf(loss, me))
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
