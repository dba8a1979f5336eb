import { type KeyboardEvent, type RefObject, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { inTone } from '../emoji/emoji-set.ts'
import { skinTone } from '../emoji/skin-tone.ts'
import { useEmoji } from '../emoji/use-emoji.ts'
import { type Asked, askedAt, completion, type Offer, offerEmoji, offerPeople } from './completion.ts'
import { insertText } from './insert-text.ts'
import type { People } from './use-people.ts'

export interface Completion {
  readonly asked: Asked | undefined
  readonly offered: readonly Offer[]
  readonly active: Offer | undefined
  readonly activate: (offer: Offer) => void
  readonly choose: (offer: Offer) => void
  /** True: the key was for the list. */
  readonly onKeyDown: (event: KeyboardEvent) => boolean
}

interface CompletionOptions {
  readonly box: RefObject<HTMLTextAreaElement | null>
  readonly text: string
  readonly caret: number | undefined
  readonly people: People
}

/** The list that typing `@` and letters brings up, or `:` and letters. */
export function useCompletion({ box, text, caret, people }: CompletionOptions): Completion {
  const account = useAccount()
  const [place, setPlace] = useState({ caret, at: 0 })
  /** Where the sign stands whose list was sent away with Escape. */
  const [closedAt, setClosedAt] = useState<number>()
  const asked = caret === undefined ? undefined : askedAt(text, caret)
  // Gone from there: the next time it is a new question.
  if (closedAt !== undefined && caret !== undefined && asked?.from !== closedAt) setClosedAt(undefined)
  const open = asked === undefined || asked.from === closedAt ? undefined : asked
  const emoji = useEmoji(open?.for === 'emoji')
  const offered = open === undefined ? [] : offers(open)
  // Another letter makes another list, which begins at its first.
  const at = place.caret === caret ? place.at : 0
  const active = offered[Math.min(at, offered.length - 1)]

  function offers({ for: wanted, query }: Asked): readonly Offer[] {
    if (wanted === 'people') {
      return offerPeople(people.candidates(), query).map((candidate) => ({
        kind: 'person',
        key: candidate.mention,
        candidate,
      }))
    }
    return offerEmoji(emoji ?? [], query).map((each) => ({
      kind: 'emoji',
      key: each.names[0] ?? each.emoji,
      name: each.names.find((name) => name.startsWith(query.toLowerCase())) ?? each.names[0] ?? '',
      emoji: each,
    }))
  }
  const choose = (offer: Offer): void => {
    if (asked === undefined || box.current === null) return
    const isPerson = offer.kind === 'person'
    const taken = isPerson ? `@${offer.candidate.handle}` : inTone(offer.emoji, skinTone())
    if (!isPerson) account.usedEmoji(taken)
    const done = completion(text, asked, taken, isPerson)
    insertText(box.current, done.text, done)
  }
  const goTo = (next: number): void => setPlace({ caret, at: next })
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (active === undefined || open === undefined) return false
    const from = offered.indexOf(active)
    if (event.key === 'ArrowDown') goTo((from + 1) % offered.length)
    else if (event.key === 'ArrowUp') goTo((from - 1 + offered.length) % offered.length)
    else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey) choose(active)
    else if (event.key === 'Escape') setClosedAt(open.from)
    else return false
    event.preventDefault()
    return true
  }
  return {
    asked: open,
    offered,
    active,
    activate: (offer) => goTo(offered.indexOf(offer)),
    choose,
    onKeyDown,
  }
}
