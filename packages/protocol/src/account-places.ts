import type * as Y from 'yjs'

/** Where something stands in a Yjs document: which writer put it there, and as its how-manieth. */
export interface Place {
  readonly client: number
  readonly clock: number
}

/** How much was seen of each writer: what Yjs calls a state vector. */
export type Seen = ReadonlyMap<number, number>

export const isSeen = (seen: Seen, { client, clock }: Place): boolean => clock < (seen.get(client) ?? 0)

/** What both have seen together. */
export function joinSeen(a: Seen, b: Seen): Seen {
  const joined = new Map(a)
  for (const [client, clock] of b) joined.set(client, Math.max(clock, joined.get(client) ?? 0))
  return joined
}

export interface Placed<T> {
  readonly place: Place
  readonly value: T
}

/** The entries of an array in their order. Yjs has no public way to ask whose an entry is; this is how 13.6 keeps them. */
export function placedEntries<T>(array: Y.Array<T>): Placed<T>[] {
  const entries: Placed<T>[] = []
  for (let item = array._start; item !== null; item = item.right) {
    if (item.deleted || !item.countable) continue
    const { client, clock } = item.id
    for (const [n, value] of item.content.getContent().entries())
      entries.push({ place: { client, clock: clock + n }, value: value as T })
  }
  return entries
}

/** What a map holds under a key, undefined if nothing. */
export function placedValue<T>(map: Y.Map<T>, key: string): Placed<T> | undefined {
  const item = map._map.get(key)
  if (item === undefined || item.deleted) return undefined
  const { client, clock } = item.id
  return {
    place: { client, clock: clock + item.length - 1 },
    value: item.content.getContent()[item.length - 1] as T,
  }
}
