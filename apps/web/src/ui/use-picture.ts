import type { Account } from '@parley/client'
import { conversationId, type UserId, userId } from '@parley/protocol'
import { useContext, useMemo, useSyncExternalStore } from 'react'
import { AccountContext } from '../context.tsx'

/** What the profile of a person, or a conversation, holds as its picture; undefined where nobody is signed in. */
export function usePicture(id: string, shape: 'person' | 'group'): string | undefined {
  const account = useContext(AccountContext)
  const [subscribe, get] = useMemo(() => watch(account, id, shape), [account, id, shape])
  return useSyncExternalStore(subscribe, get)
}

interface Watched {
  subscribe(listener: () => void): () => void
  get(): { readonly avatar?: string | undefined } | undefined
}

function watch(account: Account | undefined, id: string, shape: 'person' | 'group') {
  const seen = account && sourceOf(account, id, shape)
  return [
    (listener: () => void) => seen?.subscribe(listener) ?? (() => undefined),
    () => seen?.get()?.avatar,
  ] as const
}

/** Everybody in a conversation has a face too, and is nobody's profile. */
function sourceOf(account: Account, id: string, shape: 'person' | 'group'): Watched | undefined {
  if (shape === 'group') {
    const conversation = conversationId.safeParse(id)
    return conversation.success ? account.conversation(conversation.data) : undefined
  }
  const user = userId.safeParse(id)
  return user.success ? profileOf(account, user.data) : undefined
}

const profileOf = (account: Account, user: UserId): Watched =>
  account.me.get().id === user ? account.me : account.profile(user)
