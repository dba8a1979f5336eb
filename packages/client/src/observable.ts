import { soon } from './soon.ts'

/**
 * A value that changes, in the shape that React's `useSyncExternalStore` and everyone else can read.
 * `get` answers the same object until the value really changed.
 */
export interface Observable<T> {
  get(): T
  /** Calls `listener` after each change; the answer ends that. */
  subscribe(listener: () => void): () => void
}

/** An observable that its owner sets. */
export interface Source<T> extends Observable<T> {
  set(value: T): void
}

export function source<T>(initial: T): Source<T> {
  const listeners = new Set<() => void>()
  let value = initial
  return {
    get: () => value,
    set: (next) => {
      if (Object.is(next, value)) return
      value = next
      for (const listener of [...listeners]) listener()
    },
    subscribe: (listener) => {
      const own = () => listener()
      listeners.add(own)
      return () => {
        listeners.delete(own)
      }
    },
  }
}

/** An observable that is worked out from facts that live elsewhere. */
export interface Derived<T> extends Observable<T> {
  /** The facts changed. Listeners hear of it once, however many changes one turn of the event loop makes. */
  invalidate(): void
}

/**
 * Works `compute` out when somebody looks, at most once between two changes of the facts: a thousand
 * commands given in a row cost one list, not a thousand. `compute` gets the value before, to keep what is equal.
 */
export function derived<T>(compute: (previous: T | undefined) => T): Derived<T> {
  const listeners = new Set<() => void>()
  let value: T | undefined
  let isStale = true
  let announcedValue: T | undefined
  const get = (): T => {
    if (isStale) {
      value = compute(value)
      isStale = false
    }
    return value as T
  }
  const announce = soon(() => {
    if (listeners.size === 0) return
    const before = announcedValue
    announcedValue = get()
    if (Object.is(before, announcedValue)) return
    for (const listener of [...listeners]) listener()
  })
  return {
    get,
    invalidate: () => {
      isStale = true
      announce()
    },
    subscribe: (listener) => {
      const own = () => listener()
      if (listeners.size === 0) announcedValue = get()
      listeners.add(own)
      return () => {
        listeners.delete(own)
      }
    },
  }
}

/** A part of another observable; its listeners hear only of changes of that part. */
export function select<T, Part>(whole: Observable<T>, part: (value: T) => Part): Observable<Part> {
  return {
    get: () => part(whole.get()),
    subscribe: (listener) => {
      let last = part(whole.get())
      return whole.subscribe(() => {
        const next = part(whole.get())
        if (Object.is(next, last)) return
        last = next
        listener()
      })
    },
  }
}
