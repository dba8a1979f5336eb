import type { ConversationId } from '@parley/protocol'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useObservable } from '../../observe.ts'
import { listenTo } from '../../platform/listen.ts'

/** Long enough to keep typing cheap, short enough that a crash costs half a word. */
const SAVE_MILLIS = 300

/** The text being written: kept over restarts, and shared with the person's other devices. */
export function useDraft(
  conversation: ConversationId,
): readonly [text: string, write: (text: string) => void, save: () => void] {
  const account = useAccount()
  const kept = useObservable(useMemo(() => account.draft(conversation), [account, conversation]))
  const [text, setText] = useState(kept)
  const unsaved = useRef<string>(undefined)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  const save = useCallback(() => {
    clearTimeout(timer.current)
    if (unsaved.current !== undefined) account.setDraft(conversation, unsaved.current)
    unsaved.current = undefined
  }, [account, conversation])
  const write = useCallback(
    (next: string) => {
      setText(next)
      unsaved.current = next
      clearTimeout(timer.current)
      // An emptied box is kept at once: a sent message must not come back as a draft.
      if (next === '') save()
      else timer.current = setTimeout(save, SAVE_MILLIS)
    },
    [save],
  )
  // Another device went on writing, and nothing here is newer.
  useEffect(() => {
    if (unsaved.current === undefined) setText(kept)
  }, [kept])
  useEffect(() => {
    const end = listenTo(window, ['pagehide', 'blur'], save)
    return () => {
      end()
      save()
    }
  }, [save])
  return [text, write, save]
}
