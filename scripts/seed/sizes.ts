/** How large a world is made, and from which decisions: the same numbers give the same world. */
export interface Sizes {
  readonly users: number
  readonly conversations: number
  readonly events: number
  readonly seed: number
}

/** When the world's last event was; two years earlier its first user signed up. A constant, or no two worlds would be the same. */
export const END = Date.UTC(2026, 10, 1)
export const START = Date.UTC(2024, 10, 1)
