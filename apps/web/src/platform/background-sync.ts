import type { Account, Client, FatedCommand } from '@parley/client'
import { listenTo } from './listen.ts'
import { OUTBOX_TAG } from './outbox-tag.ts'

/** Not in TypeScript's library: only Chromium has it. */
interface SyncRegistration extends ServiceWorkerRegistration {
  readonly sync?: { register(tag: string): Promise<void> }
}

/**
 * As long as something waits that this window may not live to send, the browser is asked to wake the service
 * worker when there is a network. Browsers that cannot leave it to the next start of the app.
 */
export async function watchOutbox({ session }: Client): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  // Had before it is needed: a window that closes has no time to wait for it.
  const { sync }: SyncRegistration = await navigator.serviceWorker.ready
  if (sync === undefined) return
  let isAsked = false
  const ask = () => {
    isAsked = true
    // Denied by the person's settings: the same as a browser that has no such thing.
    sync.register(OUTBOX_TAG).catch(() => undefined)
  }
  const waiting = (): Account | undefined => {
    const now = session.get()
    return now.state === 'signed-in' && now.account.commands.get().some(isWaiting) ? now.account : undefined
  }
  // Once for each time without a connection: the browser goes on trying by itself.
  const look = () => {
    const link = waiting()?.link.get().state
    if (link === undefined || link === 'live') isAsked = false
    else if (link !== 'connecting' && !isAsked) ask()
  }
  listenTo(document, ['visibilitychange'], () => {
    if (document.visibilityState === 'hidden' && waiting() !== undefined) ask()
  })
  let watched: Account | undefined
  let ends: (() => void)[] = []
  const watch = () => {
    const now = session.get()
    const account = now.state === 'signed-out' ? undefined : now.account
    if (account === watched) return
    for (const end of ends) end()
    watched = account
    ends = account === undefined ? [] : [account.commands, account.link].map((each) => each.subscribe(look))
    look()
  }
  session.subscribe(watch)
  watch()
}

const isWaiting = ({ fate }: FatedCommand): boolean => fate.state !== 'refused'
