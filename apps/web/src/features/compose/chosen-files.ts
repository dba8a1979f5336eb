import type { FileToSend } from '@parley/client'
import type { ConversationId } from '@parley/protocol'
import { createContext, useCallback, useContext, useMemo, useSyncExternalStore } from 'react'

/** A file that goes with the next message. */
export interface ChosenFile extends FileToSend {
  /** Stays with it on the screen. */
  readonly key: number
}

/** What was chosen and not sent yet, for as long as the window is open: going elsewhere and back loses none of it. */
export interface ChosenFiles {
  of(conversation: ConversationId): readonly ChosenFile[]
  add(conversation: ConversationId, files: readonly FileToSend[]): void
  change(conversation: ConversationId, change: (files: readonly ChosenFile[]) => readonly ChosenFile[]): void
  subscribe(listener: () => void): () => void
}

const NONE: readonly ChosenFile[] = []

export function createChosenFiles(): ChosenFiles {
  const chosen = new Map<ConversationId, readonly ChosenFile[]>()
  const listeners = new Set<() => void>()
  let count = 0
  const of = (conversation: ConversationId) => chosen.get(conversation) ?? NONE
  const set = (conversation: ConversationId, files: readonly ChosenFile[]) => {
    if (files.length === 0) chosen.delete(conversation)
    else chosen.set(conversation, files)
    for (const listener of [...listeners]) listener()
  }
  return {
    of,
    add: (conversation, files) =>
      set(conversation, [...of(conversation), ...files.map((file) => ({ ...file, key: (count += 1) }))]),
    change: (conversation, change) => set(conversation, change(of(conversation))),
    subscribe: (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}

export const ChosenFilesContext = createContext<ChosenFiles | undefined>(undefined)

export function useAllChosen(): ChosenFiles {
  const chosen = useContext(ChosenFilesContext)
  if (chosen === undefined) throw new Error('no ChosenFilesContext above')
  return chosen
}

export interface Choice {
  readonly files: readonly ChosenFile[]
  add(files: readonly FileToSend[]): void
  remove(key: number): void
  /** An image was looked at: so the place for it can be kept free. */
  measured(key: number, width: number, height: number): void
  clear(): void
}

export function useChoice(conversation: ConversationId): Choice {
  const chosen = useAllChosen()
  const files = useSyncExternalStore(
    chosen.subscribe,
    useCallback(() => chosen.of(conversation), [chosen, conversation]),
  )
  return useMemo(
    () => ({
      files,
      add: (added) => chosen.add(conversation, added),
      remove: (key) => chosen.change(conversation, (all) => all.filter((each) => each.key !== key)),
      measured: (key, width, height) =>
        chosen.change(conversation, (all) =>
          all.map((each) => (each.key === key ? { ...each, width, height } : each)),
        ),
      clear: () => chosen.change(conversation, () => NONE),
    }),
    [chosen, conversation, files],
  )
}

/** Files as the browser hands them over. */
export const filesIn = (list: FileList | null | undefined): readonly FileToSend[] =>
  [...(list ?? [])].map((file) => ({ name: file.name, mediaType: file.type, bytes: file }))
