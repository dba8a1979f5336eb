import type { ConversationView } from '@parley/client'
import { can, type UserId } from '@parley/protocol'
import { type KeyboardEvent, type RefObject, useLayoutEffect, useRef, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { askedAt, type Candidate, complete, offer } from './completion.ts'

export interface Completion {
  readonly offered: readonly Candidate[]
  readonly active: Candidate | undefined
  readonly activate: (candidate: Candidate) => void
  readonly choose: (candidate: Candidate) => void
  /** True: the key was for the list. */
  readonly onKeyDown: (event: KeyboardEvent) => boolean
  /** The caret or the text has moved. */
  readonly onMove: () => void
}

interface CompletionOptions {
  readonly view: ConversationView
  readonly self: UserId
  readonly box: RefObject<HTMLTextAreaElement | null>
  readonly text: string
  readonly write: (text: string) => void
}

/** The list of people that typing `@` and letters brings up. */
export function useCompletion({ view, self, box, text, write }: CompletionOptions): Completion {
  const account = useAccount()
  const { t } = useLanguage()
  const [caret, setCaret] = useState<number>()
  const [place, setPlace] = useState(0)
  /** Where the `@` stands whose list was sent away with Escape. */
  const [closedAt, setClosedAt] = useState<number>()
  const goTo = useRef<number>(undefined)
  // After React has written the text: before, the caret would end up behind it.
  useLayoutEffect(() => {
    if (goTo.current === undefined) return
    box.current?.setSelectionRange(goTo.current, goTo.current)
    goTo.current = undefined
  })
  const asked = caret === undefined ? undefined : askedAt(text, caret)
  const isOpen = asked !== undefined && asked.from !== closedAt
  const offered = isOpen ? offer(candidates(), asked.query) : []
  const active = offered[Math.min(place, offered.length - 1)]

  function candidates(): readonly Candidate[] {
    const people = [...view.members.keys()].flatMap((id) => {
      const profile = id === self ? undefined : account.profile(id).get()
      return profile === undefined || profile.deleted
        ? []
        : [{ mention: id, handle: profile.username, name: profile.name }]
    })
    const everyone = {
      mention: 'everyone',
      handle: 'everyone',
      name: t('compose.mentions.everyone'),
    } as const
    return can(self, { do: 'mention-everyone' }, view) ? [...people, everyone] : people
  }
  const choose = ({ handle }: Candidate): void => {
    if (asked === undefined) return
    const done = complete(text, asked, handle)
    write(done.text)
    goTo.current = done.caret
    setCaret(undefined)
    setPlace(0)
    box.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (active === undefined || asked === undefined) return false
    const at = offered.indexOf(active)
    if (event.key === 'ArrowDown') setPlace((at + 1) % offered.length)
    else if (event.key === 'ArrowUp') setPlace((at - 1 + offered.length) % offered.length)
    else if ((event.key === 'Enter' && !event.shiftKey) || (event.key === 'Tab' && !event.shiftKey))
      choose(active)
    else if (event.key === 'Escape') setClosedAt(asked.from)
    else return false
    event.preventDefault()
    return true
  }
  const onMove = (): void => {
    const element = box.current
    const isThere = element !== null && document.activeElement === element
    const next =
      isThere && element.selectionStart === element.selectionEnd ? element.selectionStart : undefined
    if (next === caret) return
    setCaret(next)
    setPlace(0)
    if (next === undefined || askedAt(element?.value ?? '', next)?.from !== closedAt) setClosedAt(undefined)
  }
  return {
    offered,
    active,
    activate: (candidate) => setPlace(offered.indexOf(candidate)),
    choose,
    onKeyDown,
    onMove,
  }
}
