import { toldPush } from '../i18n/en/told-push.ts'
import type { Catalogue, Entry } from '../i18n/translate.ts'

/** What the service worker cannot find out by itself: who is signed in here, and in which words they are told. */
export interface ToldBy {
  readonly user: string
  readonly locale: string
  readonly words: Readonly<Record<string, Entry>>
}

const CACHE = 'told'
const PLACE = '/told'

export async function keepToldBy(by: ToldBy | undefined): Promise<void> {
  const cache = await caches.open(CACHE)
  if (by === undefined) await cache.delete(PLACE)
  else await cache.put(PLACE, new Response(JSON.stringify(by)))
}

export async function toldBy(): Promise<ToldBy | undefined> {
  const kept = await caches.match(PLACE, { cacheName: CACHE })
  return kept === undefined ? undefined : ((await kept.json()) as ToldBy)
}

/** The texts of notifications, out of all. */
export const toldWords = (catalogue: Catalogue): ToldBy['words'] =>
  Object.fromEntries((Object.keys(toldPush) as (keyof typeof toldPush)[]).map((key) => [key, catalogue[key]]))
