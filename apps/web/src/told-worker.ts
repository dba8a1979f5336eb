/// <reference lib="webworker" />
import type { PushMessage } from '@parley/protocol'
import { isInSight, notificationOf, type Carried, tagOf } from './features/told/notification-of.ts'
import { toldPush } from './i18n/en/told-push.ts'
import { type Catalogue, translator } from './i18n/translate.ts'
import { toldBy } from './platform/told-words.ts'

/** What a page asks of the worker, and the worker of a page. */
export type ToldRequest =
  | { readonly ask: 'tell'; readonly message: PushMessage }
  /** How far these conversations have been read: what is shown of them up to there goes. */
  | { readonly ask: 'withdraw'; readonly read: ReadonlyMap<string, number> }
export type ToldOpen = { readonly open: string }

interface SubscriptionChange extends ExtendableEvent {
  readonly oldSubscription?: PushSubscription
}

const ICON = '/icons/icon-192.png'
const BADGE = '/icons/badge-96.png'

/** The part of the service worker that shows notifications, wherever they come from. */
export function listenForNews(scope: ServiceWorkerGlobalScope): void {
  scope.addEventListener('push', (event) => {
    const message = messageIn(event.data)
    if (message !== undefined) event.waitUntil(tell(scope, message, true))
  })
  scope.addEventListener('message', (event) => {
    const asked = event.data as ToldRequest | string
    if (typeof asked !== 'object') return
    if (asked.ask === 'tell') event.waitUntil(tell(scope, asked.message, false))
    else if (asked.ask === 'withdraw') event.waitUntil(withdraw(scope, asked.read))
  })
  scope.addEventListener('notificationclick', (event) => {
    event.notification.close()
    const carried = carriedBy(event.notification)
    event.waitUntil(Promise.all([open(scope, carried?.url ?? '/'), inTurn(() => count(scope))]))
  })
  scope.addEventListener('notificationclose', (event) => event.waitUntil(inTurn(() => count(scope))))
  scope.addEventListener('pushsubscriptionchange', (event) =>
    (event as SubscriptionChange).waitUntil(subscribeAnew(scope)),
  )
}

/** Only our server can have encrypted it; what is no message of this version is left alone. */
function messageIn(data: PushMessageData | null): PushMessage | undefined {
  try {
    const message: unknown = data?.json()
    return typeof message === 'object' && message !== null && 'kind' in message && 'for' in message
      ? (message as PushMessage)
      : undefined
  } catch {
    return undefined
  }
}

let last: Promise<void> = Promise.resolve()

/**
 * One after the other: each looks at what the one before has shown. Chromium, asked for what is shown while something is
 * being shown, forgets that: it is on the screen, and neither a click on it nor a withdrawal reaches it.
 */
function inTurn(act: () => Promise<void>): Promise<void> {
  const done = last.then(act)
  // What the browser does not do keeps nothing behind it from being done.
  last = done.catch(() => undefined)
  return done
}

const tell = (scope: ServiceWorkerGlobalScope, message: PushMessage, isPush: boolean): Promise<void> =>
  inTurn(() => tellNow(scope, message, isPush))

const withdraw = (scope: ServiceWorkerGlobalScope, read: ReadonlyMap<string, number>): Promise<void> =>
  inTurn(async () => {
    closeUpTo(await scope.registration.getNotifications(), read)
  })

async function tellNow(
  scope: ServiceWorkerGlobalScope,
  message: PushMessage,
  isPush: boolean,
): Promise<void> {
  const [by, windows, shown] = await Promise.all([
    toldBy(),
    scope.clients.matchAll({ type: 'window', includeUncontrolled: true }),
    scope.registration.getNotifications(),
  ])
  // Somebody else has signed in here since it was sent.
  if (by !== undefined && by.user !== message.for) return
  if (isInSight(windows, message, isPush)) return
  const unread = isPush ? await closeRead(shown) : shown
  const tag = tagOf(message)
  const before = unread.find((each) => each.tag === tag)
  const t = translator(by?.locale ?? 'en', { ...toldPush, ...by?.words } as unknown as Catalogue)
  const { title, body, carried } = notificationOf(message, before && carriedBy(before), t)
  await scope.registration.showNotification(title, {
    body,
    tag,
    icon: ICON,
    badge: BADGE,
    data: carried,
    // Not in TypeScript's library: a second message of a conversation is to be noticed as the first was.
    ...{ renotify: true, timestamp: message.at },
  })
  if (windows.length === 0) await count(scope)
}

const carriedBy = ({ data }: Notification): Carried | undefined => (data as Carried | null) ?? undefined

/** Withdraws what was read on another device meanwhile, as far as the server can be asked; answers what stays. */
async function closeRead(shown: readonly Notification[]): Promise<readonly Notification[]> {
  const about = shown.filter((each) => carriedBy(each)?.conversation !== undefined)
  if (about.length === 0) return shown
  try {
    const answer = await fetch('/api/conversations?limit=100')
    if (!answer.ok) return shown
    const { conversations } = (await answer.json()) as { conversations: { id: string; readSeq: number }[] }
    return closeUpTo(shown, new Map(conversations.map(({ id, readSeq }) => [id, readSeq])))
  } catch {
    // No network: they stay until the app is opened.
    return shown
  }
}

/** Closes what is shown of conversations that have been read so far; answers what stays. */
function closeUpTo(
  shown: readonly Notification[],
  read: ReadonlyMap<string, number>,
): readonly Notification[] {
  const isRead = (each: Notification): boolean => {
    const { conversation = '', seq = Infinity } = carriedBy(each) ?? {}
    return (read.get(conversation) ?? 0) >= seq
  }
  for (const each of shown) if (isRead(each)) each.close()
  return shown.filter((each) => !isRead(each))
}

/** While no window is open that knows better, the app's icon counts what is shown. */
async function count(scope: ServiceWorkerGlobalScope): Promise<void> {
  if (!('setAppBadge' in navigator)) return
  const windows = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true })
  if (windows.length > 0) return
  const shown = await scope.registration.getNotifications()
  const messages = shown.reduce((sum, each) => sum + (carriedBy(each)?.count ?? 0), 0)
  await navigator.setAppBadge(messages).catch(() => undefined)
}

/** In a window that is open, the one in front first; else in a new one. */
async function open(scope: ServiceWorkerGlobalScope, url: string): Promise<void> {
  const windows = await scope.clients.matchAll({ type: 'window' })
  const window = windows.find(({ visibilityState }) => visibilityState === 'visible') ?? windows[0]
  if (window === undefined) {
    await scope.clients.openWindow(url)
    return
  }
  const request: ToldOpen = { open: url }
  window.postMessage(request)
  // Some systems let no window come to the front by itself.
  await window.focus().catch(() => undefined)
}

/** The browser has ended the subscription by itself: the server is given the new one. */
async function subscribeAnew({ registration }: ServiceWorkerGlobalScope): Promise<void> {
  const answer = await fetch('/api/push-key')
  if (!answer.ok) return
  const { key } = (await answer.json()) as { key: string }
  const subscription = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: key,
  })
  await fetch('/api/push-subscriptions', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(subscription),
  })
}
