/// <reference lib="webworker" />
import { isPicture, keptPicture } from './platform/kept-pictures.ts'
import { OUTBOX_TAG } from './platform/outbox-tag.ts'
import { listenForNews } from './told-worker.ts'
import { keepShared } from './platform/shared.ts'

/** Every file that this build starts with, and a version that changes with any of them: written by the build. */
declare const __SHELL_FILES__: readonly string[]
/** Files that are kept from their first use on. */
declare const __LATER_FILES__: readonly string[]
declare const __SHELL_VERSION__: string
/** The client, in a file of its own: most of the time this worker is woken for a file of the app, and needs none. */
declare const __OUTBOX_WORKER__: string

export interface OutboxScope extends ServiceWorkerGlobalScope {
  /** Set by the outbox worker's file: sends what waits, and answers whether nothing does any more. */
  flushOutbox?: () => Promise<boolean>
}

/** As the browser dispatches it; TypeScript's library has none. */
interface SyncEvent extends ExtendableEvent {
  readonly tag: string
}

const scope = self as unknown as OutboxScope
const CACHE_PREFIX = 'shell-'
const CACHE = `${CACHE_PREFIX}${__SHELL_VERSION__}`
const SHELL = '/index.html'
const HASHED = '/assets/'

/** What only the live server may answer. */
const LIVE = ['/api/', '/sync', '/yjs/', '/uploads', '/healthz', '/readyz', '/metrics']

const files = new Set(__SHELL_FILES__)
const later = new Set(__LATER_FILES__)

/** Files under a hashed name never change, so an update fetches only the ones no earlier version has. */
async function precache(): Promise<void> {
  const cache = await caches.open(CACHE)
  await Promise.all(
    __SHELL_FILES__.map(async (path) => {
      const known = path.startsWith(HASHED) ? await caches.match(path) : undefined
      if (known !== undefined) return cache.put(path, known)
      return cache.add(new Request(path, { cache: 'reload' }))
    }),
  )
  await Promise.all(
    __LATER_FILES__.map(async (path) => {
      const known = await caches.match(path)
      if (known !== undefined) await cache.put(path, known)
    }),
  )
}

async function forgetEarlierVersions(): Promise<void> {
  const names = await caches.keys()
  await Promise.all(
    names
      .filter((name) => name.startsWith(CACHE_PREFIX) && name !== CACHE)
      .map((name) => caches.delete(name)),
  )
}

async function fromShell(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE)
  return (await cache.match(path)) ?? fetch(request)
}

async function keptFromNow(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE)
  const known = await cache.match(path)
  if (known !== undefined) return known
  const answer = await fetch(request)
  // A device with no room left shows it all the same.
  if (answer.ok) await cache.put(path, answer.clone()).catch(() => undefined)
  return answer
}

/** Where the manifest lets other apps hand something over. */
const SHARE = '/share'

/** There is no network in it: what is shared is kept here, and the page that opens takes it. */
async function takeShared(request: Request): Promise<Response> {
  try {
    await keepShared(await request.formData())
    return Response.redirect(SHARE, 303)
  } catch {
    // Too much for what the device has left: the page says so.
    return Response.redirect(`${SHARE}?failed`, 303)
  }
}

let flushing: Promise<void> | undefined

/** Rejects while something still waits: the browser then tries again by itself, later. */
async function flush(): Promise<void> {
  if (scope.flushOutbox === undefined) importScripts(__OUTBOX_WORKER__)
  if ((await scope.flushOutbox?.()) !== true) throw new Error('not everything could be sent')
}

scope.addEventListener('install', (event) => {
  // What a worker has not loaded by now it may not load later.
  importScripts(__OUTBOX_WORKER__)
  event.waitUntil(precache())
})

scope.addEventListener('activate', (event) => {
  event.waitUntil(forgetEarlierVersions().then(() => scope.clients.claim()))
})

// The page decides when: a reload in the middle of a sentence would be worse than an old version.
scope.addEventListener('message', (event) => {
  if (event.data === 'activate') event.waitUntil(scope.skipWaiting())
})

scope.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method === 'POST' && url.origin === scope.location.origin && url.pathname === SHARE)
    return event.respondWith(takeShared(request))
  if (request.method !== 'GET' || url.origin !== scope.location.origin) return
  if (isPicture(url.pathname)) return event.respondWith(keptPicture(request))
  if (LIVE.some((prefix) => url.pathname.startsWith(prefix))) return
  if (files.has(url.pathname)) event.respondWith(fromShell(url.pathname, request))
  else if (later.has(url.pathname)) event.respondWith(keptFromNow(url.pathname, request))
  // Every other address of the app is the same page, also with no server: offline starts and deep links.
  else if (request.mode === 'navigate') event.respondWith(fromShell(SHELL, request))
})

// There is a network again, and something waits: perhaps no window is open that could send it.
scope.addEventListener('sync', (event) => {
  const sync = event as SyncEvent
  if (sync.tag !== OUTBOX_TAG) return
  flushing ??= flush().finally(() => {
    flushing = undefined
  })
  sync.waitUntil(flushing)
})

listenForNews(scope)
