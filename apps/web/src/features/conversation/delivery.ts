import type { Fate, MessageItem } from '@parley/client'
import type { Seq, UserId } from '@parley/protocol'

/** How far an own message has come, as its mark shows it. */
export type Delivery =
  | { readonly state: 'unsaved' }
  | { readonly state: 'saved' }
  | { readonly state: 'sent' }
  | { readonly state: 'read'; readonly by: readonly UserId[] }
  | { readonly state: 'not-saved'; readonly fate: Extract<Fate, { state: 'failed-to-save' }> }
  | { readonly state: 'not-sent'; readonly fate: Extract<Fate, { state: 'refused' }> }

export function deliveryOf({ place }: MessageItem, readers: ReadonlyMap<UserId, Seq>): Delivery {
  if (place.state === 'said') {
    const by = [...readers].filter(([, seq]) => seq >= place.seq).map(([user]) => user)
    return by.length > 0 ? { state: 'read', by } : { state: 'sent' }
  }
  const { fate } = place
  switch (fate.state) {
    case 'unsaved':
      return { state: 'unsaved' }
    // Handed to the connection is not yet said: until the server answers it counts as kept here.
    case 'saved':
    case 'sent':
    case 'discarded':
      return { state: 'saved' }
    case 'accepted':
      return { state: 'sent' }
    case 'failed-to-save':
      return { state: 'not-saved', fate }
    case 'refused':
      return { state: 'not-sent', fate }
  }
}

type Failed = Extract<Delivery, { state: 'not-sent' | 'not-saved' }>

/** What went wrong with an own message, if anything did. */
export function failedDelivery(item: MessageItem): Failed | undefined {
  const delivery = item.place.state === 'said' ? undefined : deliveryOf(item, NOBODY)
  return delivery?.state === 'not-sent' || delivery?.state === 'not-saved' ? delivery : undefined
}

const NOBODY: ReadonlyMap<UserId, Seq> = new Map()

/** Positions of the others who are still members: the ones that "read by" counts. */
export function readersOf(
  reads: ReadonlyMap<UserId, Seq>,
  members: ReadonlySet<UserId>,
  self: UserId,
): ReadonlyMap<UserId, Seq> {
  return new Map([...reads].filter(([user]) => user !== self && members.has(user)))
}
