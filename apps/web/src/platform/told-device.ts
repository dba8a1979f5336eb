import type { Api, Observable } from '@parley/client'
import { isApple, isInstalled } from './install.ts'

/** Whether this device tells the person anything while the app is not in front of them. */
export type ToldDevice =
  /** The browser cannot, or only once the app is installed. */
  | { readonly state: 'unsupported' | 'install-first' }
  /** The person has said no to the browser, which asks nobody twice. */
  | { readonly state: 'denied' }
  | { readonly state: 'off' | 'working' }
  /** `push`: also when the app is closed. */
  | { readonly state: 'on'; readonly push: 'on' | 'slow' | 'failed' }

const WANTED = 'parley.told'
/** Browsers that cannot reach their push service sometimes say nothing, for ever. */
const PATIENCE_MILLIS = 15_000

let current: ToldDevice = { state: possible() }
const listeners = new Set<() => void>()
const set = (next: ToldDevice): void => {
  current = next
  for (const listener of listeners) listener()
}

export const toldDevice: Observable<ToldDevice> = {
  get: () => current,
  subscribe: (listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}

/** What the person has answered on this device: `not-now` is asked no more. */
type Answer = 'on' | 'off' | 'not-now'
export function answered(): Answer | undefined {
  try {
    return (localStorage.getItem(WANTED) ?? undefined) as Answer | undefined
  } catch {
    return 'not-now'
  }
}
export function keepAnswer(answer: Answer): void {
  try {
    localStorage.setItem(WANTED, answer)
  } catch {
    // Where this cannot be remembered, nothing is asked.
  }
}

function possible(): 'unsupported' | 'install-first' | 'denied' | 'off' {
  const canShow = 'Notification' in globalThis && 'serviceWorker' in navigator
  if (!canShow) return isApple() && !isInstalled() ? 'install-first' : 'unsupported'
  return Notification.permission === 'denied' ? 'denied' : 'off'
}

/** As the browser and the person have left it, at the start of the app; renews what the server knows of it. */
export async function resumeTelling({ pushKey, subscribePush }: Api): Promise<void> {
  const state = possible()
  if (state !== 'off') return set({ state })
  if (answered() !== 'on' || Notification.permission !== 'granted') return set({ state: 'off' })
  set({ state: 'on', push: await subscribe({ pushKey, subscribePush }) })
}

/** Within a click: the browser asks the person. */
export async function turnOn(api: Pick<Api, 'pushKey' | 'subscribePush'>): Promise<void> {
  const state = possible()
  if (state !== 'off') return set({ state })
  set({ state: 'working' })
  const permission = await Notification.requestPermission()
  if (permission !== 'granted') {
    // Closed without an answer: it may be asked again.
    return set({ state: permission === 'denied' ? 'denied' : 'off' })
  }
  keepAnswer('on')
  set({ state: 'on', push: await subscribe(api) })
}

export async function turnOff({ unsubscribePush }: Pick<Api, 'unsubscribePush'>): Promise<void> {
  keepAnswer('off')
  set({ state: 'off' })
  const registration = await navigator.serviceWorker.getRegistration()
  const subscription = await registration?.pushManager?.getSubscription()
  await subscription?.unsubscribe().catch(() => undefined)
  await unsubscribePush()
}

type Subscribing = Pick<Api, 'pushKey' | 'subscribePush'>

async function subscribe(api: Subscribing): Promise<'on' | 'slow' | 'failed'> {
  const { promise: slow, resolve } = Promise.withResolvers<'slow'>()
  const timer = setTimeout(resolve, PATIENCE_MILLIS, 'slow')
  try {
    return await Promise.race([subscribeNow(api), slow])
  } catch {
    // No push service, none that can be reached, or none that is allowed.
    return 'failed'
  } finally {
    clearTimeout(timer)
  }
}

async function subscribeNow({ pushKey, subscribePush }: Subscribing): Promise<'on' | 'failed'> {
  const { pushManager } = await navigator.serviceWorker.ready
  const key = await pushKey()
  if (!key.ok) return 'failed'
  const before = await pushManager.getSubscription()
  // Of another server's key, or of one that has lost it: it would never hear anything.
  const isOurs = before !== null && isSameKey(before.options.applicationServerKey, key.value)
  if (before !== null && !isOurs) await before.unsubscribe()
  const subscription = isOurs
    ? before
    : await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key.value })
  const { endpoint = '', keys = {} } = subscription.toJSON()
  const { p256dh = '', auth = '' } = keys
  return (await subscribePush({ endpoint, keys: { p256dh, auth } })).ok ? 'on' : 'failed'
}

function isSameKey(bytes: ArrayBuffer | null, key: string): boolean {
  if (bytes === null) return false
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)))
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '') === key
}

/** Whoever signs out takes it all along: the next person on this device is asked anew. */
export async function forgetTelling(): Promise<void> {
  set({ state: 'off' })
  try {
    localStorage.removeItem(WANTED)
  } catch {
    // Where nothing can be kept, there is nothing to remove.
  }
  const registration = await navigator.serviceWorker?.getRegistration()
  for (const each of (await registration?.getNotifications?.()) ?? []) each.close()
  await (await registration?.pushManager?.getSubscription())?.unsubscribe()
}

/** Shows one, so that the person sees where and how; false: the browser did not. */
export async function showTest(title: string, body: string): Promise<boolean> {
  try {
    const registration = await navigator.serviceWorker.ready
    await registration.showNotification(title, { body, tag: 'test', icon: '/icons/icon-192.png' })
    return true
  } catch {
    return false
  }
}
