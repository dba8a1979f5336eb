import type { Role, UserId } from '@parley/protocol'

/** A member as the list puts them in order. */
export interface Ordered {
  readonly user: UserId
  readonly role: Role
  readonly name: string
  readonly isOnline: boolean
}

const RANK: { readonly [R in Role]: number } = { owner: 0, admin: 1, member: 2 }

/** Owners first, then admins, then the others; among each of them who is there now, and then by name. */
export const inOrder =
  (collator: Intl.Collator) =>
  (a: Ordered, b: Ordered): number =>
    RANK[a.role] - RANK[b.role] ||
    Number(b.isOnline) - Number(a.isOnline) ||
    collator.compare(a.name, b.name) ||
    (a.user < b.user ? -1 : 1)
