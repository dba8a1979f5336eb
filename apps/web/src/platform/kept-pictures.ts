/** Where the service worker keeps the pictures of people and groups, to have them without a network. */
const CACHE = 'pictures'
const PATH = '/api/avatars/'
/** About 10 KB each. */
const MOST = 500

export const isPicture = (path: string): boolean => path.startsWith(PATH)

/** Never changes, so what is here is right; what is not is asked for and kept. */
export async function keptPicture(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE)
  const kept = await cache.match(request, { ignoreVary: true })
  if (kept !== undefined) return kept
  const answer = await fetch(request)
  if (answer.status === 200) {
    // A disk that takes no more costs nothing but asking again.
    await keep(cache, request, answer.clone()).catch(() => undefined)
  }
  return answer
}

async function keep(cache: Cache, request: Request, answer: Response): Promise<void> {
  await cache.put(request, answer)
  // In the order in which they came.
  const all = await cache.keys()
  await Promise.all(all.slice(0, Math.max(0, all.length - MOST)).map((old) => cache.delete(old)))
}

/** With the rest of what was kept of a person. */
export async function forgetPictures(): Promise<void> {
  // Where there are no caches, as in some private windows, nothing is kept.
  if ('caches' in globalThis) await caches.delete(CACHE).catch(() => false)
}
