import type { TimelineItem } from '@parley/client'
import type { Attachment, Millis, UserId } from '@parley/protocol'
import { isPicture } from '../conversation/pictures.ts'

export type Pictured = Attachment & { readonly width: number; readonly height: number }

/** A picture of a conversation, and who sent it when. */
export interface Viewed {
  readonly picture: Pictured
  readonly author: UserId
  readonly at: Millis
}

const isPictured = (file: Attachment): file is Pictured =>
  isPicture(file.mediaType) && file.width !== undefined && file.height !== undefined

/** All pictures that were sent, in the order of the log. */
export const picturesIn = (items: readonly TimelineItem[]): readonly Viewed[] =>
  items.flatMap((item) => {
    if (item.kind !== 'message' || item.place.state !== 'said') return []
    const { author } = item
    const { at } = item.place
    return item.attachments.filter(isPictured).map((picture) => ({ picture, author, at }))
  })
