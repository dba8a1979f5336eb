/**
 * A value that changes, in the shape that React's `useSyncExternalStore` and everyone else can read.
 * `get` answers the same object until the value really changed.
 */
export interface Observable<T> {
  get(): T
  /** Calls `listener` after each change; the answer ends that. */
  subscribe(listener: () => void): () => void
}
